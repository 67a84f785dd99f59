/** The frame's own behaviour: theme, language switch, section links, table of contents. */
import { contents } from './contents.ts';
import { languages } from './languages.ts';
import { sectionLinks } from './section-links.ts';
import { theme } from './theme.ts';

theme();
languages();
sectionLinks();
contents();
