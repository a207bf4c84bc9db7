import { z } from "zod";
import { ACCESS } from "#core/access/access.ts";
import { defineOperation } from "#core/operation.ts";
import { exportUsage } from "#features/usage/export-usage.ts";
import { readBreakdown, readTimeSeries, reportUsage } from "#features/usage/report-usage.ts";
import {
  CostRows,
  CostsInput,
  ExportUsageInput,
  SummariseUsageInput,
  UsagePoints,
  UsagePointsInput,
  UsageReport,
  UsageReportInput,
  UsageRows,
  UsageRowsInput,
  UsageSummary,
} from "#features/usage/schema.ts";
import { sumCosts } from "#features/usage/sum-costs.ts";
import { summariseUsage } from "#features/usage/summarise-usage.ts";

const OWN = "Administrators see all of the tenant, other callers their own usage.";

export const usageOperations = [
  defineOperation({
    name: "usage.report",
    http: { method: "GET", path: "/v1/usage" },
    access: ACCESS.read,
    summary: "Report usage over time or by a field, with the runs behind it",
    description: `${OWN} Points and rows are of the last 24 hours unless a window is given, records of all time.`,
    input: UsageReportInput,
    output: UsageReport,
    run: reportUsage,
  }),
  defineOperation({
    name: "usage.summary",
    http: { method: "GET", path: "/v1/usage/summary" },
    access: ACCESS.read,
    summary: "Sum up the usage of a period and of the one before",
    description: `${OWN} The present is included: a run counts from the moment when it is accepted.`,
    input: SummariseUsageInput,
    output: UsageSummary,
    run: summariseUsage,
  }),
  defineOperation({
    name: "usage.timeseries",
    http: { method: "GET", path: "/v1/usage/timeseries" },
    access: ACCESS.read,
    summary: "Return usage by hours or days",
    description: `${OWN} Hours and days without usage are left out. All usage of a run counts when the run was accepted. With \`split_by\`, the points are also told apart by the largest values of a field.`,
    input: UsagePointsInput,
    output: UsagePoints,
    run: readTimeSeries,
  }),
  defineOperation({
    name: "usage.breakdown",
    http: { method: "GET", path: "/v1/usage/breakdown" },
    access: ACCESS.read,
    summary: "Return usage by provider, model, channel or agent",
    description: `${OWN} Most input tokens first, for channels most requests. A request counts for the model that answered it last.`,
    input: UsageRowsInput,
    output: UsageRows,
    run: readBreakdown,
  }),
  defineOperation({
    name: "usage.export",
    http: { method: "GET", path: "/v1/usage/export" },
    access: ACCESS.read,
    summary: "Download usage as CSV",
    description: `${OWN} By default of the last 30 days, a row for each day, user, agent, channel, provider and model.`,
    input: ExportUsageInput,
    output: z.string(),
    answers: { bytes: { mediaType: "text/csv" } },
    run: exportUsage,
  }),
  defineOperation({
    name: "costs.summary",
    http: { method: "GET", path: "/v1/costs/summary" },
    access: ACCESS.read,
    summary: "Sum up the cost of each agent",
    description: `${OWN} The most expensive first; of all time, unless a window is given.`,
    input: CostsInput,
    output: CostRows,
    run: sumCosts,
  }),
];
