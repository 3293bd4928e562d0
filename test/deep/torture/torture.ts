import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from './client';
import { type Breach, failureBreaches, type Memory, memoryBreaches, surveyBreaches } from './judgement';
import { Ledger } from './ledger';
import { breachLines, callTable, keyTable, memoryLine } from './report';
import { KillableServer } from './server';
import { connections, Service } from './service';
import { survey } from './survey';
import { Tally } from './tally';

/** The part of the time in which the server is killed again and again; the rest is left to one life of it. */
const violentPart = 0.4;
/** Below this, in seconds, the undisturbed part says nothing of memory: the process is still warming up. */
const shortestForMemory = 20;
const sampleMs = 250;

/** They are few, so that several callers act for the same user at once. */
const users = Array.from({ length: 64 }, (_, index) => `user_2kTorture${String(index).padStart(18, '0')}`);

export interface TortureOptions {
  /** How long the load lasts, in seconds; starting and counting come on top. */
  readonly seconds: number;
  readonly print: Pick<Console, 'log' | 'error'>;
}

/**
 * Loads `npm start -- --data DIR` over 32 connections with creations, verifications and revocations. For two fifths of
 * the time the server is killed with SIGKILL and started again; then it is left alone. At the end it is killed once
 * more, started, and asked for everything that it has promised.
 *
 * Memory is the resident set of the last of these lives, read four times a second from when it is ready to the end of
 * the load: the median of what was read in the second tenth of that stretch (once the first is over) beside the
 * median of its last tenth. It may be 1.3 times as much; the server has a small heap, so
 * that it is not garbage which is measured. A stretch of less than 20 seconds is not judged.
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
    print.log(`Load and violence: ${connections} connections for ${seconds} s`);
    await server.start();
    const breaches = await run(server, seconds, print);
    if (server.secretLogged) breaches.push({ promise: 'the log holds no secret', what: 'it does' });
    print.log(breaches.length === 0 ? 'Every promise was kept.' : '');
    if (breaches.length > 0) print.error(breachLines(breaches));
    return breaches.length === 0;
  } finally {
    process.off('SIGINT', stop).off('SIGTERM', stop);
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  }
}

async function run(
  server: KillableServer,
  seconds: number,
  print: TortureOptions['print'],
): Promise<Breach[]> {
  const ledger = new Ledger();
  const tally = new Tally();
  const breaches: Breach[] = [];
  const { samples, undisturbedSeconds } = await load(server, seconds, ledger, tally, breaches);
  print.log(`\nCalls, and how they ended, through ${server.kills} kills:\n${callTable(tally)}`);

  await server.kill();
  await server.start();
  const countTally = new Tally();
  const service = new Service(server, countTally);
  const found = await survey(service, ledger, users);
  service.close();
  const memory = medians(samples);
  print.log(`\nThe count, after one more:\n${keyTable(ledger, found)}`);
  print.log(`\nMemory of the server:\n${memoryLine(memory, undisturbedSeconds)}\n`);
  return [
    ...breaches,
    ...failureBreaches(tally),
    ...failureBreaches(countTally),
    ...surveyBreaches(ledger, found),
    ...(undisturbedSeconds >= shortestForMemory ? memoryBreaches(memory) : []),
  ];
}

async function load(
  server: KillableServer,
  seconds: number,
  ledger: Ledger,
  tally: Tally,
  breaches: Breach[],
): Promise<{ samples: number[]; undisturbedSeconds: number }> {
  const service = new Service(server, tally);
  let over = false;
  const clients = Array.from({ length: connections }, (_, index) =>
    new Client(`Caller ${index}`, service, ledger, users, (breach) => breaches.push(breach)).runUntil(
      () => over,
    ),
  );
  await killAgainAndAgain(server, seconds * violentPart);
  const undisturbedSeconds = seconds * (1 - violentPart);
  const samples: number[] = [];
  for (const end = performance.now() + undisturbedSeconds * 1000; performance.now() < end; ) {
    samples.push(server.memoryMb());
    await sleep(sampleMs);
  }
  over = true;
  await Promise.all(clients);
  service.close();
  return { samples, undisturbedSeconds };
}

async function killAgainAndAgain(server: KillableServer, seconds: number): Promise<void> {
  const end = performance.now() + seconds * 1000;
  do {
    await sleep(300 + Math.random() * 1_500);
    await server.kill();
    await server.start();
  } while (performance.now() < end);
}

function medians(samples: readonly number[]): Memory {
  const tenth = samples.length / 10;
  return { early: median(samples.slice(tenth, 2 * tenth)), late: median(samples.slice(-tenth)) };
}

/** NaN of none, and of any that could not be read. */
function median(values: readonly number[]): number {
  if (values.some(Number.isNaN)) return Number.NaN;
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
