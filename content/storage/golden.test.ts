import { expect, test } from '@jest/globals';
import { converted } from './test-context.ts';

test('a runbook, as people write them', () => {
  const body = `
<h1>Restore the <em>billing</em> database</h1>
<p>Owner: <ac:link><ri:user ri:account-id="ada-1"/></ac:link>, reviewed on <time datetime="2026-03-02" />&nbsp;<ac:structured-macro ac:name="status" ac:schema-version="1"><ac:parameter ac:name="colour">Green</ac:parameter><ac:parameter ac:name="title">approved</ac:parameter></ac:structured-macro></p>
<ac:structured-macro ac:name="toc"><ac:parameter ac:name="maxLevel">2</ac:parameter></ac:structured-macro>
<ac:structured-macro ac:name="warning"><ac:parameter ac:name="title">Before you start</ac:parameter><ac:rich-text-body>
<p>Stop the workers. See <ac:link><ri:page ri:content-title="Stop the workers"/><ac:plain-text-link-body><![CDATA[how]]></ac:plain-text-link-body></ac:link>.</p>
<ul><li><p>Tell support</p></li><li><p>Take a note of the time</p></li></ul>
</ac:rich-text-body></ac:structured-macro>
<ol>
<li><p>Fetch the dump:</p><ac:structured-macro ac:name="code"><ac:parameter ac:name="language">bash</ac:parameter><ac:plain-text-body><![CDATA[fetch --last > dump.sql
# check it
sha256sum dump.sql]]></ac:plain-text-body></ac:structured-macro></li>
<li><p>Restore it</p><ul><li>as <code>billing_admin</code></li></ul></li>
</ol>
<table data-layout="default"><colgroup><col style="width: 20%;" /><col /></colgroup><tbody>
<tr><th><p>Step</p></th><th><p>Who</p></th><th><p>Minutes</p></th></tr>
<tr><td rowspan="2"><p>Restore</p></td><td><p>Operations</p></td><td><p>20 | 30</p></td></tr>
<tr><td><ul><li>Support</li><li>Sales</li></ul></td><td><p>5</p></td></tr>
</tbody></table>
<ac:task-list>
<ac:task><ac:task-id>1</ac:task-id><ac:task-status>complete</ac:task-status><ac:task-body><span class="placeholder-inline-tasks">Rehearse</span></ac:task-body></ac:task>
<ac:task><ac:task-id>2</ac:task-id><ac:task-status>incomplete</ac:task-status><ac:task-body>Automate</ac:task-body></ac:task>
</ac:task-list>
<p><ac:image ac:align="center" ac:alt="The flow"><ri:attachment ri:filename="flow.png" ri:version-at-save="1" /></ac:image></p>`;
  const { markdown, text } = converted(body);
  expect(markdown).toBe(
    `
# Restore the *billing* database

Owner: @Ada \\*Lovelace\\*, reviewed on 2026-03-02 **approved**

> **Warning: Before you start**
>
> Stop the workers. See [how](https://acme.atlassian.net/wiki/display/ENG/Stop+the+workers).
>
> - Tell support
> - Take a note of the time

1. Fetch the dump:

   \`\`\`bash
   fetch --last > dump.sql
   # check it
   sha256sum dump.sql
   \`\`\`
2. Restore it
   - as \`billing_admin\`

| Step | Who | Minutes |
| --- | --- | --- |
| Restore | Operations | 20 \\| 30 |
| Restore | - Support<br>- Sales | 5 |

- [x] Rehearse
- [ ] Automate

![The flow](flow.png)`.trim(),
  );
  expect(text).toBe(
    `
Restore the billing database
Owner: @Ada *Lovelace*, reviewed on 2026-03-02 approved
Before you start
Stop the workers. See how.
Tell support
Take a note of the time
Fetch the dump:
fetch --last > dump.sql
# check it
sha256sum dump.sql
Restore it
as billing_admin
Step | Who | Minutes
Restore | Operations | 20 | 30
Support Sales | 5
Rehearse
Automate
The flow (flow.png)`.trim(),
  );
});

test('notes of a meeting in columns, with decisions and an expand', () => {
  const body = `
<ac:layout><ac:layout-section ac:type="two_equal" ac:breakout-mode="default"><ac:layout-cell>
<h2>Notes <ac:emoticon ac:name="blue-star" ac:emoji-id="1f4dd" ac:emoji-fallback="📝" ac:emoji-shortname=":pencil:" /></h2>
<p>We saw <a href="https://docs.example.org/a?b=1&amp;c=2" data-card-appearance="inline">https://docs.example.org/a?b=1&amp;c=2</a> and <ac:inline-comment-marker ac:ref="0c1">agreed</ac:inline-comment-marker> on it.</p>
<ac:placeholder>Type here</ac:placeholder>
</ac:layout-cell><ac:layout-cell>
<ac:adf-extension><ac:adf-node type="decision-list"><ac:adf-attribute key="local-id">d</ac:adf-attribute><ac:adf-node type="decision-item"><ac:adf-attribute key="state">DECIDED</ac:adf-attribute><ac:adf-content>Ship <strong>Friday</strong></ac:adf-content></ac:adf-node></ac:adf-node><ac:adf-fallback><ul class="decision-list"><li>Ship <strong>Friday</strong></li></ul></ac:adf-fallback></ac:adf-extension>
<ac:structured-macro ac:name="expand"><ac:parameter ac:name="title">Who was there</ac:parameter><ac:rich-text-body><p>Everyone<br/>but one</p></ac:rich-text-body></ac:structured-macro>
</ac:layout-cell></ac:layout-section></ac:layout>`;
  const { markdown, text } = converted(body);
  expect(markdown).toBe(
    `
## Notes 📝

We saw [https://docs.example.org/a?b=1&c=2](https://docs.example.org/a?b=1&c=2) and agreed on it.

- Ship **Friday**

**Who was there**

Everyone\\
but one`.trim(),
  );
  expect(text).toBe(
    `
Notes 📝
We saw https://docs.example.org/a?b=1&c=2 and agreed on it.
Ship Friday
Who was there
Everyone
but one`.trim(),
  );
});
