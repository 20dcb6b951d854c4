import { checkbox, radios, type FieldErrors } from '../../../components/form.ts';
import { html, type Html } from '../../../html.ts';
import { toggleNames, toggles, type FilterValues } from './fields.ts';

/** Which kinds are read at all, and whether they are indexed by themselves. */
export function indexingFields(values: FilterValues, errors: FieldErrors): Html {
  return html`<fieldset class="field" id="indexing">
      <legend>What is indexed</legend>
      <p class="hint">What is off is not read from Confluence, and leaves the search.</p>
      <div class="toggles">
        ${toggles.map((name) =>
          checkbox({
            name: `indexing-${name}`,
            label: toggleNames[name],
            checked: values[`indexing-${name}`] === 'on',
          }),
        )}
      </div>
    </fieldset>
    ${radios({
      name: 'indexingMode',
      legend: 'Indexing',
      value: values.indexingMode,
      errors,
      choices: [
        { value: 'automatic', label: 'Automatic', hint: 'What the filters let through is indexed.' },
        {
          value: 'manual',
          label: 'Manual',
          hint: 'Records are listed with their metadata. Each is indexed when somebody chooses it, its place in the tree or its space under All Records.',
        },
      ],
    })}`;
}
