import { expect, test } from '@jest/globals';
import { converted, type Example } from './test-context.ts';

const task = (status: string, body: string) =>
  `<ac:task><ac:task-id>7</ac:task-id><ac:task-uuid>u</ac:task-uuid><ac:task-status>${status}</ac:task-status><ac:task-body>${body}</ac:task-body></ac:task>`;

const examples: Example[] = [
  ['bullets', '<ul><li>a</li><li><p>b</p></li></ul>', '- a\n- b', 'a\nb'],
  ['numbers', '<ol><li>a</li><li>b</li></ol>', '1. a\n2. b', 'a\nb'],
  ['numbers from another start', '<ol start="9"><li>a</li><li>b</li></ol>', '9. a\n10. b', 'a\nb'],
  ['lists in lists', '<ul><li>a<ol><li>b<ul><li>c</li></ul></li></ol></li><li>d</li></ul>', '- a\n  1. b\n     - c\n- d', 'a\nb\nc\nd'],
  ['lists straight in lists', '<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>', '- a\n  - b\n- c', 'a\nb\nc'],
  ['an item that begins with a list', '<ul><li><ul><li>a</li></ul></li></ul>', '- - a', 'a'],
  ['paragraphs in items', '<ul><li><p>a</p><p>b</p></li><li>c</li></ul>', '- a\n\n  b\n- c', 'a\nb\nc'],
  ['code in items', '<ol><li>a<pre>x\ny</pre></li></ol>', '1. a\n\n   ```\n   x\n   y\n   ```', 'a\nx\ny'],
  ['a quote in an item', '<ul><li><blockquote>a</blockquote></li></ul>', '- > a', 'a'],
  ['a list in a quote', '<blockquote><p>a</p><ul><li>b</li></ul></blockquote>', '> a\n>\n> - b', 'a\nb'],
  ['empty items vanish', '<ul><li></li><li>a</li><li> </li></ul>', '- a', 'a'],
  ['items without end tags', '<ul><li>a<li>b</ul>', '- a\n- b', 'a\nb'],
  ['words straight in a list', '<ul>a<li>b</li></ul>', '- a\n- b', 'a\nb'],
  ['items without a list', '<li>a</li><li>b</li>', 'a\n\nb', 'a\nb'],
  ['tasks', `<ac:task-list>${task('incomplete', 'a')}${task('complete', '<span>b</span>')}</ac:task-list>`, '- [ ] a\n- [x] b', 'a\nb'],
  ['tasks in tasks', `<ac:task-list>${task('complete', `a<ac:task-list>${task('incomplete', 'b')}</ac:task-list>`)}</ac:task-list>`, '- [x] a\n  - [ ] b', 'a\nb'],
  ['task lists straight in task lists', `<ac:task-list>${task('complete', 'a')}<ac:task-list>${task('incomplete', 'b')}</ac:task-list></ac:task-list>`, '- [x] a\n  - [ ] b', 'a\nb'],
  ['words that look like a task', '<ul><li>[x] a</li></ul>', '- \\[x\\] a', '[x] a'],
  ['definitions', '<dl><dt>a</dt><dd>b</dd></dl>', 'a\n\nb', 'a\nb'],
]; // prettier-ignore

test.each(examples)('%s', (_, body, markdown, text) => {
  expect(converted(body)).toEqual({ markdown, text });
});
