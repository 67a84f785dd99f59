/** Reads what the lab measured. For the build, commands and tests: no browser code imports it. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { measuredSchema, type Measured } from './measured.ts';
import { runtimeBehaviourSchema, type RuntimeBehaviour } from './runtime-behaviour.ts';

const FACTS = path.resolve('content/facts');

/**
 * Everything measured on kernels.
 *
 * @throws Error naming the file that is absent, or its row and field that is not as it should be
 */
export const loadMeasured = (folder: string = FACTS): Promise<Measured> =>
  load(path.join(folder, 'measured.json'), measuredSchema, 'npm run lab');

/**
 * Everything measured on container runtimes.
 *
 * @throws Error naming the file that is absent, or its row and field that is not as it should be
 */
export const loadRuntimeBehaviour = (folder: string = FACTS): Promise<RuntimeBehaviour> =>
  load(path.join(folder, 'runtime-behaviour.json'), runtimeBehaviourSchema, 'npm run lab:runtimes');

async function load<T>(file: string, schema: z.ZodType<T>, again: string): Promise<T> {
  const name = path.relative(process.cwd(), file);
  if (!existsSync(file))
    throw new Error(
      `There is no ${name}, which holds what the lab measured. Take it from git, or measure it again: ${again}`,
    );
  const result = schema.safeParse(JSON.parse(await readFile(file, 'utf8')));
  if (result.success) return result.data;
  throw new Error(`${name} is not what the lab writes:\n${z.prettifyError(result.error)}`);
}
