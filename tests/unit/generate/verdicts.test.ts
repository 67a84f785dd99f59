import { describe, expect, test } from 'vitest';
import { ask } from './rules.ts';

describe('what a version of containerd does with the setting', () => {
  test.each([
    ['1.5.18', 'refused', '1.6.34'],
    ['1.6.20~ds1', 'refused', '1.6.34'],
    ['1.6.23', 'refused', '1.6.34'],
    ['1.6.24', 'known-problem', '1.6.34'],
    ['1.6.33', 'known-problem', '1.6.34'],
    ['1.6.34', 'works', undefined],
    ['1.6.39', 'works', undefined],
    ['1.7.0-rc.1', 'refused', '1.7.19'],
    ['1.7.0', 'refused', '1.7.19'],
    ['1.7.3', 'refused', '1.7.19'],
    ['1.7.4', 'known-problem', '1.7.19'],
    ['1.7.18', 'known-problem', '1.7.19'],
    ['1.7.19', 'works', undefined],
    ['1.7.24~ds1-6+deb13u1', 'works', undefined],
    ['2.0.0-beta.0', 'known-problem', '2.0.0'],
    ['2.0.0-rc.6', 'known-problem', '2.0.0'],
    ['v2.0.0', 'works', undefined],
    ['2.1.4', 'works', undefined],
    ['2.3.4', 'works', undefined],
    ['2.4.0-beta.0', 'works', undefined],
    ['3.0.0', 'refused', '2.3.4'],
  ])('%s: %s', (runtime, verdict, nearest) => {
    const answer = ask({ runtime });
    expect([answer.verdict, answer.nearest.runtime]).toEqual([verdict, nearest]);
  });

  test.each(['1.7', '1.7.x', '2.1'])('%s alone asks for the patch release', (runtime) => {
    const answer = ask({ runtime });
    expect(answer.verdict).toBe('unreadable');
    expect(answer.reasons[0]?.text).toContain('containerd --version');
  });

  test('the example it gives is of the same series', () => {
    expect(ask({ runtime: '1.6' }).reasons[0]?.text).toContain('such as 1.6.39');
  });
});

describe('what a kernel does with the option', () => {
  test.each([
    ['5.4', 'refused', 'kernel-lacks'],
    ['5.4.0', 'refused', 'kernel-lacks'],
    ['5.9.16', 'refused', 'kernel-lacks'],
    ['5.9.0-rc7', 'refused', 'kernel-lacks'],
    ['5.10', 'works', 'kernel-has'],
    ['5.10.0-rc1', 'works', 'kernel-has'],
    ['6.12', 'works', 'kernel-has'],
    ['7.3.4', 'works', 'kernel-has'],
    // Red Hat and its rebuilds
    ['3.10.0-1160.119.1.el7.x86_64', 'refused', 'rhel-7'],
    ['4.18.0-80.el8.x86_64', 'refused', 'rhel-8-old'],
    ['4.18.0-305.25.1.el8_4.x86_64', 'refused', 'rhel-8-old'],
    ['4.18.0-348.el8.x86_64', 'test-first', 'rhel-8'],
    ['4.18.0-513.el8.x86_64', 'test-first', 'rhel-8'],
    ['4.18.0-553.22.1.el8_10.aarch64', 'test-first', 'rhel-8'],
    ['5.14.0-427.13.1.el9_4.x86_64', 'works', 'rhel-9'],
    ['6.12.0-55.9.1.el10_0.x86_64', 'works', 'rhel-9'],
    ['5.4.17-2136.307.3.1.el8uek.x86_64', 'test-first', 'other-old'],
    // Clouds
    ['4.14.336-257.562.amzn2.x86_64', 'refused', 'amazon-linux-old'],
    ['5.4.275-189.375.amzn2.x86_64', 'refused', 'amazon-linux-old'],
    ['5.10.213-201.855.amzn2.x86_64', 'works', 'amazon-linux'],
    ['6.1.134-152.225.amzn2023.x86_64', 'works', 'amazon-linux'],
    ['5.4.0-1103-aws', 'refused', 'ubuntu-old'],
    ['5.4.0-216-generic', 'refused', 'ubuntu-old'],
    ['5.15.0-1051-aws', 'works', 'ubuntu'],
    ['6.8.0-1021-azure', 'works', 'ubuntu'],
    ['6.8.0-60-generic', 'works', 'ubuntu'],
    // Debian
    ['4.19.0-27-amd64', 'refused', 'debian-old'],
    ['5.10.0-32-cloud-amd64', 'works', 'debian'],
    ['6.1.0-56-cloud-amd64', 'works', 'debian'],
    ['6.12.117+deb13-cloud-amd64', 'works', 'debian'],
    ['7.2.12+deb14-amd64', 'works', 'debian'],
    ['6.1.0-0.deb11.21-amd64', 'works', 'other'],
    // China
    ['5.4.119-19-0009.11', 'refused', 'tencentos-old'],
    ['5.4.241-1-tlinux4-0017', 'refused', 'tencentos-old'],
    ['6.6.47-12.tl4.x86_64', 'works', 'other'],
    ['4.19.91-26.al7.x86_64', 'test-first', 'alibaba-4-19'],
    ['5.10.134-16.3.al8.x86_64', 'works', 'other'],
    ['4.19.90-2112.8.0.0131.oe1.x86_64', 'test-first', 'openeuler-4-19'],
    ['5.10.0-216.0.0.115.oe2203sp4.x86_64', 'works', 'other'],
    // Somebody's own
    ['5.3.18-150300.59.207-default', 'test-first', 'other-old'],
    ['5.4.0-custom', 'test-first', 'other-old'],
    ['5.15.90.1-microsoft-standard-WSL2', 'works', 'other'],
    ['6.18.44-fc-v669', 'works', 'other'],
    ['6.6.56+', 'works', 'other'],
  ])('%s: %s', (kernel, verdict, row) => {
    const answer = ask({ kernel });
    expect([answer.verdict, answer.reasons.some((reason) => reason.id === row)]).toEqual([
      verdict,
      true,
    ]);
  });

  test.each(['', '6', 'Linux', 'x86_64'])('"%s" cannot be read', (kernel) => {
    expect(ask({ kernel }).verdict).toBe('unreadable');
  });
});

describe('both together', () => {
  test('what is wrong with either is said, the worse first', () => {
    const answer = ask({ runtime: '1.7.18', kernel: '5.4' });
    expect(answer.verdict).toBe('refused');
    expect(answer.reasons.map((reason) => reason.id)).toEqual(['kernel-lacks', 'volume-1.7']);
    expect(answer.blocking).toEqual(['kernel-lacks', 'volume-1.7']);
    expect(answer.nearest).toEqual({ runtime: '1.7.19', kernel: '5.10' });
  });

  test('a known problem gives no file until it is accepted', () => {
    expect(ask({ runtime: '1.7.18' }).files).toEqual([]);
    const accepted = ask({ runtime: '1.7.18', acceptKnownProblems: true });
    expect([accepted.verdict, accepted.offered, accepted.files.length]).toEqual([
      'known-problem',
      true,
      1,
    ]);
  });

  test('accepting known problems accepts nothing else', () => {
    expect(ask({ runtime: '1.7.3', acceptKnownProblems: true }).offered).toBe(false);
    expect(ask({ kernel: '5.4', acceptKnownProblems: true }).offered).toBe(false);
  });

  test('a kernel nobody tested comes with the test, and the file', () => {
    const answer = ask({ kernel: '4.18.0-513.el8.x86_64' });
    expect(answer.probe?.command).toMatch(/mount -t overlay .*volatile/);
    expect(answer.files).toHaveLength(1);
  });
});

describe('the flush after a pull', () => {
  const sync = (runtime: string, rest = {}): string[] =>
    ask({ runtime, acceptKnownProblems: true, ...rest })
      .files.flatMap((file) => file.lines)
      .map((line) => line.text)
      .filter((text) => /grpc|cri|diff-service|sync_fs/.test(text));

  test.each([
    ['1.6.39', []],
    ['1.7.13', []],
    ['1.7.14', ['[plugins."io.containerd.grpc.v1.cri"]', '  image_pull_with_sync_fs = true']],
    ['1.7.34', ['[plugins."io.containerd.grpc.v1.cri"]', '  image_pull_with_sync_fs = true']],
    ['2.0.0', ['[plugins."io.containerd.cri.v1.images"]', '  image_pull_with_sync_fs = true']],
    ['2.3.4', ['[plugins."io.containerd.cri.v1.images"]', '  image_pull_with_sync_fs = true']],
  ])('%s', (runtime, lines) => {
    expect(sync(runtime)).toEqual(lines);
    expect(sync(runtime, { nodeReturns: false })).toEqual([]);
  });

  test('other clients get it through the diff service, where it has the key', () => {
    expect(sync('2.1.9', { sharesContainerd: true })).toContain('  sync_fs = true');
    expect(sync('1.7.26', { sharesContainerd: true })).toContain('  sync_fs = true');
    expect(sync('1.7.25', { sharesContainerd: true })).not.toContain('  sync_fs = true');
  });
});

describe('warnings', () => {
  const ids = (question: Parameters<typeof ask>[0]): string[] =>
    ask({ acceptKnownProblems: true, ...question }).warnings.map((warning) => warning.id);
  const always = ['unseen-error', 'merge', 'running-containers'];

  test.each([
    [{ runtime: '1.6.34' }, ['no-sync-in-1.6', 'end-of-life-1.6', ...always]],
    [{ runtime: '1.6.34', nodeReturns: false }, ['discarded', 'end-of-life-1.6', ...always]],
    [{ runtime: '1.7.13' }, ['no-sync-before-1.7.14', ...always]],
    [{ runtime: '1.7.19' }, always],
    [{ runtime: '2.0.11' }, always],
    [{ runtime: '2.1.0' }, ['local-pull', ...always]],
    [{ runtime: '2.1.0', nodeReturns: false }, ['discarded', ...always]],
    [{ runtime: '1.7.24', sharesContainerd: true }, ['shared-restart', ...always]],
    [{ runtime: '2.5.0' }, ['local-pull', 'newer-than-read', ...always]],
  ])('%j', (question, expected) => {
    expect(ids(question)).toEqual(expected);
  });
});
