// ldapts, what web applications use.
const assert = require('assert');
const fs = require('fs');
const { Client } = require('ldapts');

(async () => {
  const { URL: url, BASE: base, MAIL: mail, SN: sn, DN: dn, CA: ca } = process.env;
  const c = new Client({ url, timeout: 5000 });
  await c.bind('', '');
  let r = await c.search(base, { scope: 'sub', filter: `(mail=${mail})` });
  assert.strictEqual(r.searchEntries.length, 1);
  assert.strictEqual(r.searchEntries[0].dn, dn);
  assert.strictEqual(r.searchEntries[0].sn, sn);
  r = await c.search(base, { scope: 'one', filter: '(cn=*)', attributes: ['mail'], paged: { pageSize: 100 } });
  assert(r.searchEntries.length > 500, `${r.searchEntries.length}`);
  const total = r.searchEntries.length;
  assert.strictEqual(await c.compare(dn, 'sn', sn), true);
  await assert.rejects(c.del(dn));
  await c.startTLS({ ca: [fs.readFileSync(ca)] });
  r = await c.search(base, { filter: `(mail=${mail})`, attributes: ['1.1'] });
  assert.strictEqual(r.searchEntries.length, 1);
  await c.unbind();
  console.log(`ldapts: ${total} entries in pages`);
})().catch((e) => { console.error(e); process.exit(1); });
