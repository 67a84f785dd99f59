/** What the merge takes from the facts. */
import type { Range } from '../../facts/version.ts';

/** What the merge knows of versions; the words of the rows are not used. */
export interface MergeRules {
  containerd: {
    /** What is restarted, unless a target says otherwise. */
    service: string;
    /** Rows of containerd.yaml: in which table a key stands, by version. */
    settings: readonly {
      id: string;
      key: string;
      when?:
        { node?: 'returns' | 'discarded' | undefined; shared?: boolean | undefined } | undefined;
      tables: readonly (Range & { table: string })[];
    }[];
  };
  kernels: { spelling: { mainline: string; stable: readonly string[] } };
  /** Rows of containerd-merge.yaml. */
  remarks: readonly (Range & { id: string; above?: number | undefined })[];
}
