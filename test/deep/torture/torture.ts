import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client';
import { type Breach, failureBreaches, type Memory, memoryBreaches, survey, surveyBreaches } from './judgement';
import { Ledger } from './ledger';
import { KillableServer } from './server';
import { connections, Service } from './service';
import { Tally } from './tally';

/** The part of the time in which the server is killed again and again; the rest is one life. */
const killingPart = 0.4;
/** A shorter last life, in seconds, is not judged by its memory: the process is still warming up. */
const minSecondsForMemory = 20;
const sampleMs = 250;
/** How many broken promises are printed. */
const maxShown = 30;

export interface TortureOptions {
  /** How long the load lasts, in seconds; start and survey come on top. */
  readonly seconds: number;
  readonly print: Pick<Console, 'log' | 'error'>;
}

/** Few, so that several clients act for one user; more for a longer load, so that none reaches the limits of an owner. */
const usersFor = (seconds: number) =>
  Array.from({ length: 64 + seconds }, (_, n) => `user_2kTorture${String(n).padStart(18, '0')}`);

/**
 * Loads `npm start -- --data DIR` over 32 connections with creations, verifications, lists and revocations. For two
 * fifths of the time the server is killed with SIGKILL and started again, then it is left alone. At the end it is killed
 * once more, started, and asked for everything that it has promised.
 *
 * Memory is the resident set of the last life, read four times a second until the load ends: the median of the second
 * tenth of these samples is compared with that of the last tenth.
 *
 * @returns whether every promise was kept.
 */
export async function torture({ seconds, print }: TortureOptions): Promise<boolean> {
  const directory = mkdtempSync(join(tmpdir(), 'satori-keys-torture-'));
  const server = new KillableServer(directory);
  const stop = () => {
    server.kill();
    rmSync(directory, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    print.log(`Load and kills: ${connections} connections for ${seconds} s`);
    await server.start();
    const breaches = await run(server, seconds, print);
    if (server.secretLogged) breaches.push({ promise: 'the log holds no secret', what: 'it does' });
    if (breaches.length === 0) print.log('Every promise was kept.');
    for (const { promise, what } of breaches.slice(0, maxShown)) print.error(`Broken: ${promise}: ${what}`);
    if (breaches.length > maxShown) print.error(`and ${breaches.length - maxShown} more`);
    return breaches.length === 0;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(server: KillableServer, seconds: number, print: TortureOptions['print']): Promise<Breach[]> {
  const users = usersFor(seconds);
  const ledger = new Ledger();
  const tally = new Tally();
  const breaches: Breach[] = [];
  const service = new Service(server, tally);
  let over = false;
  const clients = Array.from({ length: connections }, (_, n) => {
    const client = new Client(`Caller ${n}`, service, ledger, users, (breach) => breaches.push(breach));
    return client.runUntil(() => over);
  });
  await killAgainAndAgain(server, seconds * killingPart);
  const lastSeconds = seconds * (1 - killingPart);
  const memory = await memoryDuring(server, lastSeconds);
  over = true;
  await Promise.all(clients);
  print.log(`\nCalls and their outcomes, through ${server.kills} kills:\n${tally.lines()}`);

  await server.kill();
  await server.start();
  const surveyTally = new Tally();
  const found = await survey(new Service(server, surveyTally), ledger, users);
  const listed = [...found.lists.values()].flat().length;
  print.log(`\nThe survey, after one more kill:\n  secrets told ${ledger.keys.length}, keys listed ${listed}`);
  print.log(`\nMemory of the server, in MB: ${memory.early.toFixed(0)} early, ${memory.late.toFixed(0)} at the end\n`);
  return [
    ...breaches,
    ...failureBreaches(tally),
    ...failureBreaches(surveyTally),
    ...surveyBreaches(ledger, found),
    ...(lastSeconds >= minSecondsForMemory ? memoryBreaches(memory) : []),
  ];
}

async function killAgainAndAgain(server: KillableServer, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  do {
    await sleep(300 + Math.random() * 1_500);
    await server.kill();
    await server.start();
  } while (performance.now() < end);
}

async function memoryDuring(server: KillableServer, seconds: number): Promise<Memory> {
  const samples: number[] = [];
  for (const end = performance.now() + seconds * 1000; performance.now() < end; await sleep(sampleMs)) {
    samples.push(server.memoryMb());
  }
  const tenth = samples.length / 10;
  return { early: median(samples.slice(tenth, 2 * tenth)), late: median(samples.slice(-tenth)) };
}

/** NaN for no values, and if one could not be read. */
function median(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
