/**
 * The outcome of one stage of `npm test`. `notes` tells what was skipped and why.
 *
 * @typedef {{ passed: number, failed: number, skipped: number, notes: string[] }} Counts
 */

/** A stage that is one check, by its exit code. */
export const single = (code) => ({
  passed: code === 0 ? 1 : 0,
  failed: code === 0 ? 0 : 1,
  skipped: 0,
  notes: [],
});

/**
 * Counts Vitest's JSON report.
 *
 * @param {any} report undefined where the run wrote none
 * @param {number} code the run's exit code
 * @returns {Counts}
 */
export function fromVitest(report, code) {
  const tests = (report?.testResults ?? []).flatMap((file) => file.assertionResults);
  const skipped = tests.filter((test) => !['passed', 'failed'].includes(test.status));
  return withHiddenFailure(code, {
    passed: tests.filter((test) => test.status === 'passed').length,
    failed: tests.filter((test) => test.status === 'failed').length,
    skipped: skipped.length,
    notes: skipped.map((test) => test.fullName),
  });
}

/**
 * Counts Playwright's JSON report. A test that passed only on a second try counts as failed.
 *
 * @param {any} report undefined where the run wrote none
 * @param {number} code the run's exit code
 * @returns {Counts}
 */
export function fromPlaywright(report, code) {
  const specs = (report?.suites ?? []).flatMap(specsOf);
  const tests = specs.flatMap((spec) => spec.tests.map((test) => ({ ...test, spec })));
  const skipped = tests.filter((test) => test.status === 'skipped');
  return withHiddenFailure(code, {
    passed: tests.filter((test) => test.status === 'expected').length,
    failed: tests.filter((test) => ['unexpected', 'flaky'].includes(test.status)).length,
    skipped: skipped.length,
    notes: skipped.map(({ spec, annotations, projectName }) => {
      const reason = annotations.find(({ type }) => type === 'skip')?.description;
      return `${spec.file}: ${spec.title} [${projectName}]${reason ? `: ${reason}` : ''}`;
    }),
  });
}

const specsOf = (suite) => [...(suite.specs ?? []), ...(suite.suites ?? []).flatMap(specsOf)];

/** A run can fail outside its tests (a file that does not load): that is a failure too. */
const withHiddenFailure = (code, counts) =>
  code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;

/** @param {Counts[]} all */
export function summary(all) {
  const sum = (key) => all.reduce((total, counts) => total + counts[key], 0);
  const skipped = sum('skipped');
  return `${sum('passed')} passed, ${sum('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`;
}
