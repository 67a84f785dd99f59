/** What the figure needs only when it is used: it is loaded with the model, at the first touch. */
export { default as Answers } from './Answers.svelte';
export { default as Stage } from './Stage.svelte';
export { announced, pathsOf, settle, titleOf } from './view.ts';
