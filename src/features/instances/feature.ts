import { ACCESS } from "#core/access/access.ts";
import { eventBus } from "#core/events/events.ts";
import { defineOperation } from "#core/operation.ts";
import { listOf, UPDATED, Updated } from "#core/wire.ts";
import { fromJson, toJson } from "#db/values.ts";
import { defineFeature } from "#features/define-feature.ts";
import { createUserFileSource } from "#features/instances/create-user-file-source.ts";
import { instanceFileSet, instanceMetadataUpdated } from "#features/instances/events.ts";
import { getFile, listFiles, listInstances, updateInstance } from "#features/instances/repository.ts";
import * as schema from "#features/instances/schema.ts";

const PATH = "/v1/agents/{id}/instances";
const READS = { access: ACCESS.read, description: "For the agent's owner." };
const WRITES = { access: ACCESS.write, output: Updated };

const operations = [
  defineOperation({
    name: "agents.instances.list",
    http: { method: "GET", path: PATH },
    summary: "List the users of an agent, the latest seen first",
    ...READS,
    input: schema.AgentPath,
    output: listOf("instances", schema.Instance),
    run: async (ctx, { id }) => ({ instances: await listInstances(ctx, id) }),
  }),
  defineOperation({
    name: "agents.instances.files.list",
    http: { method: "GET", path: `${PATH}/{userID}/files` },
    summary: "List the context files that an agent keeps for one user",
    ...READS,
    input: schema.InstancePath,
    output: listOf("files", schema.InstanceFile),
    run: async (ctx, input) => ({ files: await listFiles(ctx, input) }),
  }),
  defineOperation({
    name: "agents.instances.files.get",
    http: { method: "GET", path: `${PATH}/{userID}/files/{fileName}` },
    summary: "Read a context file of one user of an agent",
    ...READS,
    input: schema.InstanceFilePath,
    output: schema.InstanceFile,
    run: getFile,
  }),
  defineOperation({
    name: "agents.instances.files.set",
    http: { method: "PUT", path: `${PATH}/{userID}/files/{fileName}` },
    ...WRITES,
    summary: "Write a context file of one user of an agent",
    description: "For the agent's owner. The agent reads it at the start of each run of that user.",
    input: schema.SetFileInput,
    audit: instanceFileSet,
    example: { input: { content: "Prefers short answers." }, output: UPDATED },
    run: (ctx, { content, ...path }) => updateInstance(ctx, instanceFileSet, path, () => ({ user_file: content })),
  }),
  defineOperation({
    name: "agents.instances.metadata.update",
    http: { method: "PATCH", path: `${PATH}/{userID}/metadata` },
    ...WRITES,
    summary: "Add to the metadata that an agent keeps of one user",
    description: "For the agent's owner. Entries of the same name are replaced, the others stay.",
    input: schema.SetMetadataInput,
    audit: instanceMetadataUpdated,
    example: { input: { metadata: { plan: "pro" } }, output: UPDATED },
    run: (ctx, { metadata, ...path }) =>
      updateInstance(ctx, instanceMetadataUpdated, path, (row) => ({
        metadata: toJson({ ...fromJson<object>(row.metadata), ...metadata }),
      })),
  }),
];

export const instanceFeature = defineFeature({
  name: "instances",
  operations,
  events: [instanceFileSet, instanceMetadataUpdated],
  prompts: (services) => [createUserFileSource(services.use(eventBus))],
});
