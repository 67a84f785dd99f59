/** The site's models from a terminal: `npm run --silent cli -- <command>`. */
import { run } from './run.ts';

// A reader such as head may stop listening; that is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});

const { out, err, code } = await run(process.argv.slice(2));
process.stderr.write(err);
process.stdout.write(out);
process.exitCode = code;
