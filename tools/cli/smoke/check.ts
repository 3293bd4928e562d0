/** One step of the contract. `run` throws CheckFailed when the service breaks it. */
export interface Check {
  readonly title: string;
  run(): Promise<void>;
}
