/** What the build hands to the figure: the model, and the evidence of one kernel at a time. */
import en from '../../../content/ui/en.json';
import zhCn from '../../../content/ui/zh-cn.json';
import { describeSource, localAddress } from '../../build/evidence.ts';
import { loadEvidence } from '../../build/lab.node.ts';
import type { Comparison } from '../../evidence/verdict.ts';
import { comparisons } from '../../evidence/verdict.ts';
import { loadSources } from '../../facts/load.ts';
import type { Locale } from '../../format.ts';
import { loadSyncModel } from '../../sync-paths/load.ts';
import { tableRows } from '../../sync-paths/rows.ts';
import type { Setting, SyncModel } from '../../sync-paths/types.ts';
import { FILESYSTEMS } from './link.ts';
import type { Counts, FigureData, KernelEvidence } from './props.ts';

/** What the figure loads when it is used; only a page knows the numbers of its sources. */
export function loadFigureData(locale: Locale): FigureData {
  const model = loadSyncModel(locale);
  const named = new Set([...model.operations, ...model.kernels].flatMap(({ source }) => source));
  return {
    ui: { en, 'zh-cn': zhCn }[locale].syncPathsFigure,
    model,
    sources: Object.fromEntries(
      loadSources()
        .filter(({ id }) => named.has(id))
        .map((source) => [
          source.id,
          { title: describeSource(source, locale), url: localAddress(source.url, locale) },
        ]),
    ),
  };
}

/** Everything that the lab's runs say of one kernel; empty of counts where it was not run. */
export async function loadKernelEvidence(kernel: string): Promise<KernelEvidence> {
  const { measured, recorded } = await loadEvidence();
  return kernelEvidence(loadSyncModel('en'), kernel, comparisons(measured), recorded);
}

/** The same from evidence that is at hand. */
export function kernelEvidence(
  model: SyncModel,
  kernel: string,
  runs: readonly Comparison[],
  recorded: ReadonlySet<string>,
): KernelEvidence {
  const kept = new Set<string>();
  const strict = model.kernels.find(({ id }) => id === kernel)?.hasFsyncOption === true;
  const counts = Object.fromEntries(
    FILESYSTEMS.map((filesystem) => {
      const by = (setting: Setting): Record<string, Counts> =>
        Object.fromEntries(
          tableRows(model, { kernel, setting, filesystem }, runs).map(
            ({ operation, evidence, flushes, seconds }) => {
              if (evidence.kind === 'measured')
                for (const { plain, volatile } of evidence.pairs)
                  for (const { id } of [plain, volatile]) if (recorded.has(id)) kept.add(id);
              return [operation, { evidence, flushes, seconds }];
            },
          ),
        );
      return [filesystem, { plain: by('plain'), strict: strict ? by('strict') : {} }];
    }),
  ) as KernelEvidence['counts'];
  return { kernel, counts, recorded: [...kept] };
}
