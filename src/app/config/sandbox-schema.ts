import { z } from "zod";

const megabytes = () => z.int().min(16).max(1_048_576);

/** What commands may use of this machine. */
export const Sandbox = z.object({
  mode: z
    .enum(["auto", "required", "off"])
    .default("auto")
    .describe('"auto" boxes commands in where this machine can; "required" runs none without it; "off" never does.'),
  memory_mb: megabytes().default(1_024).describe("Memory of one process of a command, and the size of its /tmp."),
  max_processes: z.int().min(8).max(32_768).default(256).describe("Processes and threads of one command."),
  max_open_files: z.int().min(32).max(1_048_576).default(1_024).describe("Open files of one process."),
  max_file_mb: megabytes().default(1_024).describe("The size of one file that a command writes."),
  cpu_seconds: z.int().min(1).max(86_400).default(600).describe("Computing time of one process of a command."),
  read_only: z
    .array(z.string().startsWith("/", "must be an absolute path"))
    .readonly()
    .default([])
    .describe("Directories that every command may read, beside programs and libraries of the system.")
    .meta({ example: ["/opt/tools"] }),
  allow_network: z
    .enum(["off", "master", "all"])
    .default("master")
    .describe(
      'Whose agents may open the network for their commands, past the rules of egress: of the "master" tenant, or "all".',
    ),
});
