/** From a command line to what is printed and the exit code. */
import { UsageError, didYouMean } from './arguments.ts';
import { generateCommand, generateHelp, type Outcome } from './generate.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => Promise<Outcome>>> = {
  generate: generateCommand,
};

/** Bad usage and refusals end here; anything else that goes wrong is 1, as Node has it. */
const REFUSED = 2;

/** @param args what stands behind the program's name */
export async function run([name, ...args]: readonly string[]): Promise<Outcome> {
  if (name === '--help' || name === 'help') return { out: generateHelp, err: '', code: 0 };
  const known = Object.keys(commands);
  try {
    if (name === undefined)
      throw new UsageError(`which command? Known: ${known.join(', ')}; --help explains`);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (command === undefined)
      throw new UsageError(
        `unknown command "${name}"${didYouMean(name, known)}; known: ${known.join(', ')}`,
      );
    return await command(args);
  } catch (error) {
    if (error instanceof UsageError)
      return { out: '', err: `${error.message.replaceAll('\n', ' ')}\n`, code: REFUSED };
    throw error;
  }
}
