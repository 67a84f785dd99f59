/** The frame's own behaviour: theme, menu, language switch, section links, table of contents. */
import { contents } from './contents.ts';
import { languages } from './languages.ts';
import { menu } from './menu.ts';
import { sectionLinks } from './section-links.ts';
import { theme } from './theme.ts';

theme();
menu();
languages();
sectionLinks();
contents();
