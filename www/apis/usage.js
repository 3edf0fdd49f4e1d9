// @ts-check

/** Names that no variable may have, or that the lines below have already. */
const TAKEN = /^(?:break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|new|null|return|super|switch|this|throw|true|try|typeof|var|void|while|with|let|static|yield|await|fetch|createFetch|arguments|eval|implements|interface|package|private|protected|public)$/;

/**
 * The lines that put a dialect to use.
 *
 * @param {string} id Anything.
 */
export function usage(id) {
  const isPlain = /^[a-z][a-z0-9]*(?:[-_.][a-z0-9]+)*$/i.test(id);
  const name = isPlain ? id.replace(/[-_.]+(.)/g, (_, letter) => letter.toUpperCase()) : 'dialect';
  const variable = TAKEN.test(name) ? 'dialect' : name;
  return `import { createFetch } from 'reprieve';
import ${variable} from './${isPlain ? id : 'dialect'}.json' with { type: 'json' };

const fetch = createFetch({ dialects: [${variable}] });`;
}
