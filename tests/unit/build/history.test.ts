/** The tables of /kernel-patch/ and /containerd/: in order, and never beyond what was looked at. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { loadContainerdMounts, timelineOf } from '../../../src/build/history.node.ts';
import { FactsError, loadKernels, loadValues } from '../../../src/facts/load.ts';
import { compareVersions, factVersion } from '../../../src/facts/version.ts';

const topics = ['kernel', 'containerd'];

/** A folder of facts of its own, with one file in it. */
function folderWith(file: string, text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'history-'));
  writeFileSync(join(folder, file), text);
  return folder;
}

describe('the timeline', () => {
  test.each(topics)('of %s goes from the oldest day to the newest', (topic) => {
    const days = timelineOf(topic).map(({ date }) => date);
    expect(days.length).toBeGreaterThan(9);
    expect(days).toEqual([...days].sort());
  });

  test('says open of nothing newer than the month it was looked at', () => {
    const month = String(loadValues().find(({ id }) => id === 'threads-as-of')?.value);
    const open = topics.flatMap((topic) =>
      timelineOf(topic).filter(({ outcome }) => outcome === 'open'),
    );
    expect(open.length).toBeGreaterThan(0);
    expect(open.filter(({ date }) => date.slice(0, 7) > month)).toEqual([]);
  });

  test('knows its topics', () => {
    expect(() => timelineOf('docker')).toThrow('"docker"');
    expect(() => timelineOf(undefined)).toThrow('no topic');
  });

  test('names the row and the field that is wrong', () => {
    const text = readFileSync('content/facts/timeline.yaml', 'utf8');
    const folder = folderWith(
      'timeline.yaml',
      text.replace('outcome: superseded', 'outcome: lost'),
    );
    expect(() => timelineOf('kernel', folder)).toThrow(FactsError);
    expect(() => timelineOf('kernel', folder)).toThrow(/nosync.*outcome/);
  });
});

test('what changed in the kernel goes from the oldest version to the newest', () => {
  const versions = loadKernels().changes.map(({ version }) => factVersion(version));
  expect(versions).toEqual([...versions].sort(compareVersions));
});

test('the mount that everybody asks about comes first, and carries the option', () => {
  const [first, ...others] = loadContainerdMounts();
  expect(first).toMatchObject({ id: 'rootfs', carries: 'yes' });
  expect(others.filter(({ carries }) => carries === 'yes')).toEqual([]);
});
