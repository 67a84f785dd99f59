/** Suites whose containerd is run: the newest of each series that Debian holds, oldest first. */
export const SUITES = ['bookworm', 'trixie', 'forky'] as const;

/** runc of newer suites wants a newer C library than the oldest suite has. */
export const OLDEST = SUITES[0];

export const NEWEST = SUITES[2];
