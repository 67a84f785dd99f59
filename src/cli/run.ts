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
    const outcome = await command(args);
    return { ...outcome, err: printable(outcome.err) };
  } catch (error) {
    if (error instanceof UsageError)
      return {
        out: '',
        err: `${printable(error.message.replace(/\s+/g, ' ').trim())}\n`,
        code: REFUSED,
      };
    throw error;
  }
}

/** What was typed or read comes back in messages; a terminal may not take any of it for a command. */
function printable(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}|[\u2028\u2029]/gu, '\ufffd');
}
