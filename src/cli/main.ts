/** The site's models from a terminal: `npm run --silent cli -- <command>`. */
import { UsageError, didYouMean } from './arguments.ts';
import { generateCommand, generateHelp, type Outcome } from './generate.ts';

const commands: Readonly<Record<string, (args: readonly string[]) => Outcome>> = {
  generate: generateCommand,
};

/** Bad usage and refusals end here; anything else that goes wrong is 1, as Node has it. */
const REFUSED = 2;

function run([name, ...args]: readonly string[]): Outcome {
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
    return command(args);
  } catch (error) {
    if (error instanceof UsageError)
      return { out: '', err: `${error.message.replaceAll('\n', ' ')}\n`, code: REFUSED };
    throw error;
  }
}

// A reader such as head may stop listening; that is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { out, err, code } = run(process.argv.slice(2));
process.stderr.write(err);
process.stdout.write(out);
process.exitCode = code;
