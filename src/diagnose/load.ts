/** Reads the field guide's rows from the disk: for the build and tests, never for a browser. */
import { z } from 'zod';
import { loadRows } from '../facts/load.ts';
import { causeSchema, commandSchema, questionSchema } from './guide.ts';
import type { GuideCause, GuideCommand, GuideQuestion } from './guide.ts';

export const loadCommands = (folder?: string): GuideCommand[] =>
  loadRows('diagnosis-commands.yaml', z.array(commandSchema), folder);
export const loadCauses = (folder?: string): GuideCause[] =>
  loadRows('diagnosis-causes.yaml', z.array(causeSchema), folder);
export const loadKey = (folder?: string): GuideQuestion[] =>
  loadRows('diagnosis-key.yaml', z.array(questionSchema), folder);
