// The types compared with the official SDK's: each type that it names for a common method exists with the same
// name, is assignable both ways, and lacks no field. An app of the official SDK compiles with the import
// replaced, mistakes fail to compile with the expected errors, and every export is documented.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OURS, declared, exported, program, resolved, ts, within } from '../support/compiler.mjs';

const RESOURCES = { ActiveSession: 'active-session', Sessions: 'sessions', Meetings: 'meetings' };

/** The versions by the name they are installed under, and fields whose type is that of version 7. */
const VERSIONS = {
  cloudflare: ['peer_events', 'storage_config', 'codec', 'app_id', 'meeting_id'],
  'cloudflare-7': [],
};
/** Types that hold such a field, at any depth. */
const HOLDERS = [
  /^SessionGetSessionParticipantsResponse(\.Data(\.Participant)?)?$/,
  /^Meeting(Get|Update)MeetingByID(Response|Params)(\.Data)?(\.RecordingConfig(\.StorageConfig|\.VideoConfig)?)?$/,
];
/** The IDs that version 7 takes as params, and version 6 as arguments. */
const IDS = ['app_id', 'meeting_id'];

for (const [name, newer] of Object.entries(VERSIONS)) {
  test(`the types of every common method are those of ${name}`, () => {
    const sdk = createRequire(import.meta.url)
      .resolve(name)
      .replace('index.js', '');
    const officialFile = (resource) => `${sdk}resources/realtime-kit/${RESOURCES[resource]}.d.ts`;
    const both = program([OURS, ...Object.keys(RESOURCES).map(officialFile)]);
    const checker = both.getTypeChecker();
    const compared = [];

    const fits = (one, other, path) => {
      const text = `${path}: ${checker.typeToString(one)} as ${checker.typeToString(other)}`;
      assert.ok(checker.isTypeAssignableTo(one, other), text);
    };
    const typeOf = (type, field) => checker.getTypeOfSymbol(type.getProperty(field));

    /** Compares two types of one name, and those in their namespaces. */
    const compare = (path, ours, official) => {
      assert.ok(ours, `${path} is missing`);
      const [mine, theirs] = [declared(both, ours), declared(both, official)];
      if (theirs.flags & ts.TypeFlags.Object) {
        const fields = theirs.getProperties().map((field) => field.name);
        for (const field of fields) {
          const found = (mine.types ?? [mine]).some((type) => type.getProperty(field));
          assert.ok(found, `${path}.${field} is missing`);
        }
        const holder = newer.length > 0 && HOLDERS.some((pattern) => pattern.test(path));
        // Ours have the IDs of version 7 as optional fields, so that they fit version 6.
        const params = /Params$/.test(path) && fields.some((field) => IDS.includes(field));
        if (holder || params) {
          for (const field of fields.filter((field) => ![...newer, ...IDS].includes(field))) {
            const inside = /^(data|participants|recording_config|video_config)$/.test(field);
            // Version 7 made a union of it.
            if (holder && (inside || path.endsWith('StorageConfig'))) continue;
            fits(typeOf(mine, field), typeOf(theirs, field), `${path}.${field}`);
            fits(typeOf(theirs, field), typeOf(mine, field), `${path}.${field}`);
          }
        } else if (!/KickParticipantsParams$/.test(path)) {
          fits(mine, theirs, path);
        }
        if (!holder) fits(theirs, mine, path);
        compared.push(path);
      }
      const inside = within(both, ours);
      for (const [name, symbol] of Object.entries(within(both, official))) {
        compare(`${path}.${name}`, inside[name], symbol);
      }
    };

    const our = exported(both, OURS);
    for (const resource of Object.keys(RESOURCES)) {
      const official = exported(both, officialFile(resource));
      const methods = declared(both, our[resource]).getProperties();
      for (const { name } of methods) {
        const method = declared(both, official[resource]).getProperty(name);
        if (!method) {
          // The other version's name, or ours.
          assert.match(
            name,
            /^(mute|watch|getAudit)|I[dD]$/,
            `${resource}.${name} is not the official SDK's`,
          );
          continue;
        }
        const [signature] = checker.getTypeOfSymbol(method).getCallSignatures();
        const params = signature.parameters.find((parameter) => parameter.name === 'params');
        const [response] = checker.getTypeArguments(signature.getReturnType());
        for (const type of [checker.getTypeOfSymbol(params), response]) {
          // An alias of another method's type goes by its own name.
          const typeName = (type.aliasSymbol ?? type.symbol).name;
          compare(typeName, our[typeName], official[typeName]);
          assert.ok(within(both, our[resource])[typeName], `${resource}.${typeName}`);
          assert.ok(within(both, our.RealtimeKit)[typeName], `RealtimeKit.${typeName}`);
        }
      }
    }
    // Params and Response of eight methods, and the types in them.
    assert.ok(compared.length > 40, compared.join('\n'));
  });
}

for (const app of ['app.ts', 'app-7.ts']) {
  test(`an app of the official SDK compiles with its import replaced: ${app}`, () => {
    const file = fileURLToPath(new URL(`../types/${app}`, import.meta.url));
    const official = readFileSync(file, 'utf8');
    const ours = official.replace(/'cloudflare(-7)?(\/[^']+)?'/g, "'../../pkg/index.js'");
    assert.notEqual(ours, official);
    const swapped = program([file], { [file]: ours });
    const found = ts.getPreEmitDiagnostics(swapped, swapped.getSourceFile(file));
    assert.equal(ts.formatDiagnostics(found, ts.createCompilerHost({})), '');
  });
}

test('each mistake fails to compile with the expected error', () => {
  const file = fileURLToPath(new URL('../types/mistakes.ts', import.meta.url));
  const text = readFileSync(file, 'utf8');
  const expected = [];
  const lines = text.split('\n').map((line, at) => {
    const [, code] = line.match(/^ *\/\/ @ts-expect-error (\d+): .+\.$/) ?? [];
    if (code) expected.push(`${at + 2}: ${code}`);
    assert.equal(line.includes('@ts-'), code !== undefined, line);
    return code ? '// A mistake:' : line;
  });
  const mistakes = program([file], { [file]: lines.join('\n') });
  const source = mistakes.getSourceFile(file);
  const found = ts.getPreEmitDiagnostics(mistakes, source).map(({ start, code }) => {
    return `${source.getLineAndCharacterOfPosition(start).line + 1}: ${code}`;
  });
  assert.deepEqual(found, expected);
  assert.ok(expected.length >= 32);
});

test('every export and every field is documented', () => {
  const ours = program([OURS]);
  const checker = ours.getTypeChecker();
  const all = exported(ours, OURS);
  const bare = [];
  let seen = 0;

  const visit = (path, symbol) => {
    seen += 1;
    if (!symbol.getDocumentationComment(checker).length) bare.push(path);
  };
  const walk = (path, symbol) => {
    visit(path, symbol);
    if (resolved(ours, symbol) !== symbol) return;
    for (const declaration of symbol.declarations) {
      for (const { name } of declaration.members ?? []) {
        // Static classes of the client are documented where they are declared.
        if (!name || name.getText() in all) continue;
        visit(`${path}.${name.getText()}`, checker.getSymbolAtLocation(name));
      }
    }
    for (const [name, inside] of Object.entries(within(ours, symbol))) {
      // Aliases are documented where they are declared.
      if (resolved(ours, inside) === inside && inside.declarations && !(name in all)) {
        walk(`${path}.${name}`, inside);
      }
    }
  };
  for (const [name, symbol] of Object.entries(all)) if (name !== 'default') walk(name, symbol);
  assert.deepEqual(bare, []);
  assert.ok(seen > 250, `${seen}`);
});
