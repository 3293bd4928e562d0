import { Logger } from '@aws-lambda-powertools/logger';

type Fields = Readonly<Record<string, unknown>>;

/** A log of JSON lines. Callers list each field, so a line never contains a whole event, header or body. */
export interface Log {
  debug(event: string, fields?: Fields): void;
  info(event: string, fields?: Fields): void;
  warn(event: string, fields?: Fields): void;
  error(event: string, fields?: Fields): void;
}

/** Creates a log whose lines contain the stage. Lambda's log level applies, or POWERTOOLS_LOG_LEVEL. */
export function createLog(stage: string): Log {
  const logger = new Logger({ serviceName: 'satori-keys', persistentKeys: { stage } });
  return logWith(
    {
      debug: (event, fields = {}) => logger.debug(event, fields),
      info: (event, fields = {}) => logger.info(event, fields),
      warn: (event, fields = {}) => logger.warn(event, fields),
      error: (event, fields = {}) => logger.error(event, fields),
    },
    {},
  );
}

/** The same log, with these fields added to every line. */
export function logWith(log: Log, always: Fields): Log {
  return {
    debug: (event, fields) => log.debug(event, { ...always, ...fields }),
    info: (event, fields) => log.info(event, { ...always, ...fields }),
    warn: (event, fields) => log.warn(event, { ...always, ...fields }),
    error: (event, fields) => log.error(event, { ...always, ...fields }),
  };
}
