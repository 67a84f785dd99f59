import { describe, expect, test } from 'vitest';
import { fromPlaywright, fromVitest, single, summary } from '../../../scripts/lib/counts.mjs';

describe('the summary line', () => {
  test('names what was skipped only where something was', () => {
    expect(summary([single(0), single(1)])).toBe('1 passed, 1 failed');
    expect(summary([single(0), { passed: 3, failed: 0, skipped: 2, notes: [] }])).toBe(
      '4 passed, 0 failed, 2 skipped',
    );
  });
});

describe('counting a Vitest report', () => {
  const report = {
    testResults: [
      {
        assertionResults: [
          { status: 'passed', fullName: 'a' },
          { status: 'skipped', fullName: 'b c' },
          { status: 'todo', fullName: 'd' },
        ],
      },
      { assertionResults: [{ status: 'failed', fullName: 'e' }] },
    ],
  };

  test('takes every test of every file', () => {
    expect(fromVitest(report, 1)).toEqual({
      passed: 1,
      failed: 1,
      skipped: 2,
      notes: ['b c', 'd'],
    });
  });

  test('counts a run that failed outside its tests as a failure', () => {
    expect(fromVitest({ testResults: [{ assertionResults: [] }] }, 1).failed).toBe(1);
    expect(fromVitest(undefined, 1).failed).toBe(1);
  });
});

describe('counting a Playwright report', () => {
  const spec = (status: string, description?: string) => ({
    title: status,
    file: 'x.spec.ts',
    tests: [
      {
        status,
        projectName: 'desktop',
        annotations: description === undefined ? [] : [{ type: 'skip', description }],
      },
    ],
  });

  test('takes nested suites, and a flaky test for a failure', () => {
    const report = {
      suites: [
        {
          specs: [spec('expected'), spec('flaky')],
          suites: [{ specs: [spec('unexpected'), spec('skipped', 'no data')] }],
        },
      ],
    };
    expect(fromPlaywright(report, 1)).toEqual({
      passed: 1,
      failed: 2,
      skipped: 1,
      notes: ['x.spec.ts: skipped [desktop]: no data'],
    });
  });

  test('counts a run that wrote no report as a failure', () => {
    expect(fromPlaywright(undefined, 1)).toEqual({ passed: 0, failed: 1, skipped: 0, notes: [] });
  });
});
