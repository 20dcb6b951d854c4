import { expect, test } from '@jest/globals';
import { converted, type Example } from './test-context.ts';

const file = (name: string) => `<ri:attachment ri:filename="${name}"/>`;

const examples: Example[] = [
  ['an attached image', `<ac:image>${file('a b.png')}</ac:image>`, '![a b.png](a%20b.png)', 'a b.png'],
  ['an image with words', `<ac:image ac:alt="The [plan]">${file('a.png')}</ac:image>`, '![The \\[plan\\]](a.png)', 'The [plan] (a.png)'],
  ['an image of elsewhere', '<ac:image><ri:url ri:value="https://x.y/z/pic.png?a=1"/></ac:image>', '![pic.png](https://x.y/z/pic.png?a=1)', 'pic.png'],
  ['an image of elsewhere with words', '<ac:image ac:alt="a"><ri:url ri:value="https://x.y/z.png"/></ac:image>', '![a](https://x.y/z.png)', 'a'],
  ['a caption', `<ac:image>${file('a.png')}<ac:caption><p>Figure <em>1</em></p></ac:caption></ac:image>`, '![a.png](a.png)\n\nFigure *1*', 'a.png\nFigure 1'],
  ['an image of XHTML', '<img src="/x/a.png" alt="b"/>', '![b](https://acme.atlassian.net/x/a.png)', 'b'],
  ['an image with an unsafe source', '<img src="data:image/png;base64,AAAA" alt="b"/>', '![b]()', 'b'],
  ['emoticons with a fallback', '<ac:emoticon ac:name="blue-star" ac:emoji-shortname=":tada:" ac:emoji-fallback="🎉"/>', '🎉', '🎉'],
  ['emoticons by name', 'a <ac:emoticon ac:name="tick"/> <ac:emoticon ac:name="own"/>', 'a ✅ :own:', 'a ✅ :own:'],
  ['emoticons with names of the language', '<ac:emoticon ac:name="constructor"/>', ':constructor:', ':constructor:'],
]; // prettier-ignore

test.each(examples)('%s', (_, body, markdown, text) => {
  expect(converted(body)).toEqual({ markdown, text });
});
