/** What the site is called and where it stands: the one place that names addresses of its own. */

export const SITE_NAME = 'Skip the Sync';

/** Where the site is published, without a slash at the end. */
export const SITE_URL = 'https://skip-the-sync.dev';

/** The project's repository; edit links and links to recordings start here. */
export const REPOSITORY = 'https://github.com/skip-the-sync/skip-the-sync';

/** The branch readers edit and read files on. */
export const BRANCH = 'main';

export const LICENCES = {
  code: { name: 'MIT', url: `${REPOSITORY}/blob/${BRANCH}/LICENSE` },
  text: {
    name: 'CC BY 4.0',
    url: {
      en: 'https://creativecommons.org/licenses/by/4.0/',
      'zh-cn': 'https://creativecommons.org/licenses/by/4.0/deed.zh-hans',
    },
  },
} as const;

/** A file of the repository, to be edited there. */
export function editUrl(path: string): string {
  return `${REPOSITORY}/edit/${BRANCH}/${path}`;
}
