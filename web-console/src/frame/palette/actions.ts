/** What can be done from anywhere. */
import { i18n } from '../../lib/i18n/index.svelte';
import { settings } from '../../lib/settings.svelte';
import type { IconName } from '../../ui/icons';
import { overlay } from './overlay.svelte';
import type { Target } from './targets';

/** The acts that make sense now: what is chosen already is not offered. */
export function actionTargets(): Target[] {
  const t = i18n.t.palette.actions;
  const acts: Target[] = [
    act('createTopic', t.createTopic, 'plus', { to: '/topics?create=1', also: 'create topic new' }),
  ];
  if (settings.theme !== 'light')
    acts.push(act('light', t.light, 'sun', { run: () => settings.setTheme('light'), also: 'theme light' }));
  if (settings.theme !== 'dark')
    acts.push(act('dark', t.dark, 'moon', { run: () => settings.setTheme('dark'), also: 'theme dark' }));
  if (settings.theme !== 'system') {
    acts.push(act('system', t.system, 'system', { run: () => settings.setTheme('system'), also: 'theme system' }));
  }
  const compact = settings.density === 'compact';
  acts.push(
    compact
      ? act('comfortable', t.comfortable, 'rows', {
          run: () => settings.setDensity('comfortable'),
          also: 'density comfortable',
        })
      : act('compact', t.compact, 'rows', {
          run: () => settings.setDensity('compact'),
          also: 'density compact',
        }),
  );
  acts.push(
    i18n.locale === 'ko'
      ? act('english', t.english, 'language', { run: () => i18n.choose('en'), also: 'language english' })
      : act('korean', t.korean, 'language', { run: () => i18n.choose('ko'), also: 'language korean 한국어' }),
    act('rail', t.rail, 'left', { run: () => settings.toggleRail(), also: 'rail narrow' }),
    act('help', t.help, 'keyboard', { run: () => overlay.toggle('keys'), also: 'help keys shortcuts ?' }),
    act('openapi', t.openapi, 'terminal', { run: () => open('/openapi.json'), also: 'openapi rest api' }),
    act('asyncapi', t.asyncapi, 'terminal', {
      run: () => open('/asyncapi.json'),
      also: 'asyncapi websocket api',
    }),
    act('metrics', t.metrics, 'overview', { run: () => open('/metrics'), also: 'metrics prometheus' }),
  );
  return acts;
}

function act(
  name: string,
  text: string,
  icon: IconName,
  rest: { to?: string; run?: () => void; also: string },
): Target {
  return { key: `action ${name}`, kind: 'action', text, icon, ...rest };
}
