/** The committed results, and the findings that the site's advice stands on. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { experimentNames } from '../../../lab/runtimes/experiments/index.ts';
import { dropIns, forms } from '../../../lab/runtimes/forms.ts';
import { print } from '../../../lab/runtimes/results.ts';
import { loadRuntimeBehaviour } from '../../../src/evidence/load.ts';
import { resultsOf, type ExperimentName } from '../../../src/evidence/runtime-behaviour.ts';

const behaviour = await loadRuntimeBehaviour();
const FILE = 'content/facts/runtime-behaviour.json';

const versions = [
  ...new Set(
    behaviour.results.flatMap((each) => (each.runtime === 'containerd' ? each.version : [])),
  ),
];
/** The first version that has the setting comes after this one. */
const WITHOUT_SETTING = '1.6.20';
const withSetting = versions.filter((version) => version !== WITHOUT_SETTING);

function found<Name extends ExperimentName>(experiment: Name, version: string) {
  const result = resultsOf(behaviour, experiment).find((each) => each.version === version);
  if (result === undefined) throw new Error(`${version} has no ${experiment}`);
  return result.findings;
}
const form = (version: string, name: string) => {
  const row = found('forms', version).find((each) => each.form === name);
  if (row === undefined) throw new Error(`${version} has no form ${name}`);
  return row;
};

describe('the committed file', () => {
  const text = readFileSync(FILE, 'utf8');

  test('is what the lab prints of it', () => {
    expect(print(behaviour)).toBe(text);
  });

  test('holds every experiment on three series of containerd, and podman', () => {
    expect(versions.map((version) => version.split('.').slice(0, -1).join('.'))).toEqual([
      '1.6',
      '1.7',
      '2.1',
    ]);
    for (const experiment of experimentNames)
      expect(resultsOf(behaviour, experiment)).toHaveLength(experiment === 'storage' ? 1 : 3);
    for (const version of versions) {
      expect(found('forms', version).map((each) => each.form)).toEqual(forms.map(({ id }) => id));
      expect(found('drop-ins', version).map((each) => each.case)).toEqual(
        dropIns.map(({ id }) => id),
      );
    }
  });

  test('comes from one command, which anybody can give', () => {
    const commands = new Set(behaviour.results.map(({ provenance }) => provenance.command));
    expect([...commands]).toEqual([`npm run lab:runtimes -- --to ${FILE}`]);
  });

  test('names no path but those that the lab makes itself', () => {
    const places = new Set(text.match(/(?<=[\s"'=:])\/(?!\/)[a-z]+(\/[a-z]+)?/g));
    expect([...places].filter((place) => !place.startsWith('/run/lab')).sort()).toEqual([]);
  });
});

describe('containerd 1.6.20', () => {
  test('ignores the option in every form, and says nothing of it', () => {
    for (const row of found('forms', WITHOUT_SETTING)) {
      expect(row.outcome, row.form).not.toBe('applied');
      if (row.outcome === 'ignored') expect(row.says.join('\n')).not.toMatch(/mount_?option/i);
    }
    expect(form(WITHOUT_SETTING, 'version-2')).toMatchObject({ outcome: 'ignored', says: [] });
    expect(found('mounts', WITHOUT_SETTING).inContainer.volatile).toBe(false);
  });
});

describe.each(withSetting)('containerd %s', (version) => {
  test('applies the option as version 2 wants it, and a container sees it', () => {
    expect(form(version, 'version-2').outcome).toBe('applied');
    const { inContainer, overlayMounts, volatileMounts } = found('mounts', version);
    expect(inContainer.volatile).toBe(true);
    expect(volatileMounts).toBe(overlayMounts);
  });

  test('unpacks layers without any overlay', () => {
    for (const row of found('unpack', version)) expect(row.overlayMounts, row.by).toBe(0);
  });

  test('syncs a pull once a layer where it is asked to, and never by itself', () => {
    const pull = (setting: string) =>
      found('unpack', version).find((row) => row.by === 'CRI PullImage' && row.setting === setting);
    expect(pull('none')).toMatchObject({ syncfs: 0, sync: 0 });
    const asked = pull('image_pull_with_sync_fs');
    expect(asked?.syncfs).toBe(asked?.layers);
  });

  test('does not start a stopped volatile container again before work/incompat is gone', () => {
    expect(found('restart', version).map(({ after, starts }) => [after, starts])).toEqual([
      ['its creation', true],
      ['it stopped', false],
      ['it stopped and containerd was restarted', false],
      ['the option was taken out and containerd restarted', false],
      ['work/incompat was removed', true],
      ['it was removed and created anew', true],
      ['it stopped', false],
      ['it stopped and work/incompat was removed', true],
    ]);
  });

  test('starts with a mistyped option, and starts no container', () => {
    expect(found('mistyped', version)).toMatchObject({
      containerdStarts: true,
      unpacks: true,
      containerStarts: false,
    });
  });

  test("writes a neighbour's data when a plain container stops, and nothing with the option", () => {
    const stop = (option: string) =>
      found('stop', version).find(
        ({ options, step }) => step === 'stop' && options.join() === option,
      );
    const plain = stop('');
    expect(plain?.neighbour).toBe('whole');
    expect(plain?.writtenKiB).toBeGreaterThanOrEqual((plain?.neighbourMiB ?? 0) * 1024);
    expect(stop('volatile')).toMatchObject({ writtenKiB: 0, flushes: 0 });
  });

  test('after a power cut a pull is whole with syncs, or when a plain container ended', () => {
    for (const { options, syncOnPull, after, layers, committed, runs } of found(
      'power-cut',
      version,
    )) {
      const whole = syncOnPull || (after !== 'pull' && !options.includes('volatile'));
      const label = `${options.join()} ${syncOnPull} ${after}`;
      expect(new Set(layers), label).toEqual(new Set([whole ? 'whole' : 'empty']));
      expect(runs, label).toBe(whole);
      // It counts them as finished all the same.
      expect(committed, label).toBe(layers.length);
    }
  });
});

test('lists of drop-ins replace each other; 1.7 replaces the whole table with them', () => {
  for (const version of withSetting) {
    const both = found('drop-ins', version).find((row) => row.case === 'table-of-both');
    expect(both?.printed?.mountOptions).toEqual(['volatile']);
    expect(both?.inEffect?.upperdirLabel).toBe(version.startsWith('2.'));
  }
});

test('podman makes short-lived containers volatile unasked, and starts volatile ones again', () => {
  const [storage] = resultsOf(behaviour, 'storage');
  const unasked = storage?.findings.containers.filter(({ mountopt }) => mountopt === null);
  expect(unasked?.map((row) => [row.by, row.volatile])).toEqual([
    ['buildah from', true],
    ['podman run --rm', true],
    ['podman run', false],
    ['podman create', false],
  ]);
  for (const row of storage?.findings.again ?? []) expect(row.works, row.by).toBe(true);
});
