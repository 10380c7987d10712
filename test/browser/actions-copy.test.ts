import { expect } from '@open-wc/testing';

import { copyLink, copyText } from '../../component/element/actions-copy.ts';
import type { SentRow } from '../../component/element/actions-deeds.ts';
import { clearStages, rowAt, settled, Stage } from '../support/actions-page.ts';

const row = rowAt(7, { text: '**seven**' }) as SentRow;
const URL_OF_ROW = `${location.href.split('#')[0]}#mini-chat-lobby-7`;

/** What was written into the clipboard, or why it cannot be. */
function clipboard(fault?: Error): string[] {
  const written: string[] = [];
  const writeText = async (text: string): Promise<void> => {
    if (fault) throw fault;
    written.push(text);
  };
  Object.defineProperty(navigator, 'clipboard', { configurable: true, value: { writeText } });
  return written;
}

describe('copying', () => {
  afterEach(() => {
    clearStages();
    Reflect.deleteProperty(navigator, 'clipboard');
  });

  it('takes the text as it was written, and says so', async () => {
    const written = clipboard();
    const stage = new Stage([row]);

    copyText(stage.kit(), row);
    await settled();

    expect(written).to.deep.equal(['**seven**']);
    expect(stage.asked).to.deep.equal(['say Copied']);
  });

  it('takes a link to the message on this page', async () => {
    const written = clipboard();
    const stage = new Stage([row]);

    copyLink(stage.kit(), row);
    await settled();

    expect(written).to.deep.equal([URL_OF_ROW]);
    expect(stage.asked).to.deep.equal(['say Link copied']);
  });

  it('takes another link that the page says, or none when the page does it', async () => {
    const written = clipboard();
    const stage = new Stage([row]);
    const seen: unknown[] = [];
    const other = 'https://example.org/room/7';
    document.addEventListener(
      'mini-chat-permalink',
      (event) => {
        const { detail } = event as CustomEvent<{ url: string }>;
        seen.push({ ...detail });
        detail.url = other;
      },
      { once: true },
    );
    copyLink(stage.kit(), row);
    const prevent = (event: Event): void => event.preventDefault();
    stage.host.addEventListener('mini-chat-permalink', prevent, { once: true });
    copyLink(stage.kit(), row);
    await settled();

    expect(seen).to.deep.equal([{ seq: 7, room: 'lobby', url: URL_OF_ROW }]);
    expect(written).to.deep.equal([other]);
  });

  it('tells the reader and the page when the browser refuses', async () => {
    clipboard(new Error('not allowed'));
    const stage = new Stage([row]);
    let told = {};
    stage.host.addEventListener('mini-chat-error', ({ detail }) => (told = detail));

    copyText(stage.kit(), row);
    await settled();

    expect(stage.asked).to.deep.equal(['say The browser did not allow copying.']);
    expect(told).to.deep.equal({ code: 'copy', message: 'Error: not allowed' });
  });
});
