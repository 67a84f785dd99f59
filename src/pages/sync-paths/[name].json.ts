import type { APIRoute, GetStaticPaths } from 'astro';
import { loadKernelEvidence } from '../../figures/sync-paths/load.ts';
import { loadSyncModel } from '../../sync-paths/load.ts';

export const getStaticPaths = (() =>
  loadSyncModel('en').kernels.map(({ id }) => ({ params: { name: id } }))) satisfies GetStaticPaths;

/** What the lab measured of one kernel: the figure loads a kernel when it is chosen. */
export const GET: APIRoute = async ({ params }) =>
  Response.json(await loadKernelEvidence(params['name'] ?? ''));
