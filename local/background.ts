import type { OnWrite } from './dynalite-server';
import type { EventBridge, ReceivedEvent } from './event-bridge';
import { EventSource } from './event-source';
import type { FunctionCode } from './lambda-function';
import { contextOf } from './lambda-invocation';
import { functionIdOf, type NamedResource, resolve, resourcesOf, type Template } from './template';

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 24 * 3_600_000 };

/** What the stack runs without a request: functions behind the stream of a table, and scheduled ones. */
export class Background {
  private readonly sources = new Map<string, EventSource[]>();
  private readonly scheduled: { readonly code: FunctionCode; readonly everyMs: number }[] = [];
  private readonly timers: NodeJS.Timeout[] = [];

  constructor(
    template: Template,
    functions: ReadonlyMap<string, FunctionCode>,
    private readonly bus: Pick<EventBridge, 'events'>,
  ) {
    for (const { Properties } of resourcesOf(template, 'AWS::Lambda::EventSourceMapping')) {
      const table = String(resolve(template, Properties.EventSourceArn));
      const keyNames = template.Resources[table]?.Properties.KeySchema.map(
        ({ AttributeName }: { AttributeName: string }) => AttributeName,
      );
      const source = new EventSource(Properties, codeOf(template, functions, Properties.FunctionName), keyNames);
      this.sources.set(table, [...(this.sources.get(table) ?? []), source]);
    }
    for (const rule of resourcesOf(template, 'AWS::Events::Rule')) this.addRule(template, functions, rule);
  }

  /** Gives a write to the functions behind the table's stream. */
  readonly onWrite: OnWrite = (table, before, after) => {
    for (const source of this.sources.get(table) ?? []) source.push(before, after);
  };

  /** The events that were told, oldest first, after the stream's records so far were handled. */
  async events(): Promise<readonly ReceivedEvent[]> {
    for (const source of [...this.sources.values()].flat()) await source.idle();
    return this.bus.events;
  }

  /** Runs the scheduled functions now. @param event their event. @returns their results. */
  async runScheduled(event: unknown): Promise<unknown[]> {
    return await Promise.all(this.scheduled.map(({ code }) => code.handler(event, contextOf(code))));
  }

  /** Starts the schedules. */
  start(): void {
    for (const { code, everyMs } of this.scheduled) {
      const run = () =>
        void code
          .handler({ 'detail-type': 'Scheduled Event', source: 'aws.events', detail: {} }, contextOf(code))
          .catch((error) => console.error('The scheduled function failed:', error));
      this.timers.push(setInterval(run, everyMs).unref());
    }
  }

  /** Stops the schedules and the stream. */
  async close(): Promise<void> {
    this.timers.forEach(clearInterval);
    for (const source of [...this.sources.values()].flat()) await source.stop();
  }

  private addRule(
    template: Template,
    functions: ReadonlyMap<string, FunctionCode>,
    { Properties }: NamedResource,
  ): void {
    const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(Properties.ScheduleExpression) ?? [];
    const everyMs = Number(count) * (units[unit] ?? Number.NaN);
    if (!(everyMs > 0)) throw new Error(`The local server does not support ${Properties.ScheduleExpression}.`);
    for (const { Arn } of Properties.Targets) this.scheduled.push({ code: codeOf(template, functions, Arn), everyMs });
  }
}

function codeOf(template: Template, functions: ReadonlyMap<string, FunctionCode>, reference: unknown): FunctionCode {
  const id = functionIdOf(template, reference);
  const code = functions.get(id);
  if (!code) throw new Error(`The template has no function ${id}.`);
  return code;
}
