import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alignStacks, framesOnPath, parseFrame } from '../../../src/recording/stack-alignment.ts';

const named = (...names: string[]) => names.map((name) => ({ printed: name, name }));

describe('parseFrame', () => {
  it.each([
    ['[<0>] ovl_sync_fs+0x61/0xa0 [overlay]', 'ovl_sync_fs', 'overlay'],
    ['sync_filesystem.part.0+0x13/0x80', 'sync_filesystem', undefined],
    ['? cleanup_mnt+0xba/0x150', 'cleanup_mnt', undefined],
    ['__x64_sys_umount', '__x64_sys_umount', undefined],
    ['wait_sb_inodes.constprop.0.isra.0+0x1/0x2', 'wait_sb_inodes', undefined],
  ])('%s is %s', (printed, name, module) => {
    expect(parseFrame(printed)).toMatchObject({ name, ...(module && { module }) });
  });
});

describe('alignStacks', () => {
  it('puts equal names side by side and leaves gaps for inlined ones', () => {
    const lines = alignStacks(
      named('wait', 'sync', 'inlined', 'ovl'),
      named('wait', 'sync', 'ovl', 'new'),
    );
    expect(lines.map(({ left, right }) => [left?.name, right?.name])).toEqual([
      ['wait', 'wait'],
      ['sync', 'sync'],
      ['inlined', undefined],
      ['ovl', 'ovl'],
      [undefined, 'new'],
    ]);
  });

  it('loses no frame of either side and keeps their order', () => {
    const stack = fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 12 });
    fc.assert(
      fc.property(stack, stack, (left, right) => {
        const lines = alignStacks(named(...left), named(...right));
        expect(lines.flatMap((line) => line.left?.name ?? [])).toEqual(left);
        expect(lines.flatMap((line) => line.right?.name ?? [])).toEqual(right);
        for (const line of lines)
          if (line.left && line.right) expect(line.left.name).toBe(line.right.name);
      }),
    );
  });
});

describe('framesOnPath', () => {
  it('marks only calls that the stack names in the same order', () => {
    const stack = named('leaf', 'sync', 'task');
    expect([...framesOnPath(stack, ['task', 'tail_called', 'sync', 'leaf'])]).toEqual([0, 2, 3]);
    expect([...framesOnPath(stack, ['sync', 'task'])]).toHaveLength(1);
  });
});
