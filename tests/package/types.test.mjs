// The types compared with the official SDK's: each type that it names for a common method exists with the same
// name, is assignable both ways, and lacks no field. An app of the official SDK compiles with the import
// replaced, mistakes fail to compile with the expected errors, and every export is documented.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { OURS, declared, exported, program, resolved, ts, within } from '../support/compiler.mjs';

const sdk = createRequire(import.meta.url)
  .resolve('cloudflare')
  .replace('index.js', '');
const RESOURCES = { ActiveSession: 'active-session', Sessions: 'sessions', Meetings: 'meetings' };
const officialFile = (resource) => `${sdk}resources/realtime-kit/${RESOURCES[resource]}.d.ts`;

test('the types of every common method are the same', () => {
  const both = program([OURS, ...Object.keys(RESOURCES).map(officialFile)]);
  const checker = both.getTypeChecker();
  const compared = [];

  /** Compares two types of one name, and those in their namespaces. */
  const compare = (path, ours, official) => {
    assert.ok(ours, `${path} is missing`);
    const [mine, theirs] = [declared(both, ours), declared(both, official)];
    if (theirs.flags & ts.TypeFlags.Object) {
      assert.ok(checker.isTypeAssignableTo(mine, theirs), `${path}: ours for theirs`);
      assert.ok(checker.isTypeAssignableTo(theirs, mine), `${path}: theirs for ours`);
      for (const { name } of theirs.getProperties()) {
        assert.ok(mine.getProperty(name), `${path}.${name} is missing`);
      }
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
        assert.match(name, /^(mute|watch)/, `${resource}.${name} is not the official SDK's`);
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

test('an app of the official SDK compiles with its import replaced', () => {
  const file = fileURLToPath(new URL('../types/app.ts', import.meta.url));
  const official = readFileSync(file, 'utf8');
  const ours = official.replace(/'cloudflare(\/[^']+)?'/g, "'../../pkg/index.js'");
  assert.notEqual(ours, official);
  const swapped = program([file], { [file]: ours });
  const found = ts.getPreEmitDiagnostics(swapped, swapped.getSourceFile(file));
  assert.equal(ts.formatDiagnostics(found, ts.createCompilerHost({})), '');
});

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
