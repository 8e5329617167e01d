using Holoflow.Api.Edge;
using Holoflow.ApiModel.Deployments;

namespace Holoflow.Api.Requests;

/// <summary>What the program of a flow may be.</summary>
static class ProgramRules
{
    const double TenYears = 315_360_000;

    public static void Check(FieldErrors errors, FlowProgram program)
    {
        NameRules.CheckPath(errors, "program.path", program.Path);
        NameRules.CheckPath(errors, "program.workingDirectory", program.WorkingDirectory);
        NameRules.CheckLabel(errors, "program.method", program.Method);
        NameRules.CheckLabel(errors, "program.flowVersion", program.FlowVersion);
        NameRules.CheckLabel(errors, "program.cluster", program.Cluster);
        CheckCount(errors, "program.retries", program.Retries);
        CheckCount(errors, "program.crashReschedules", program.CrashReschedules);
        CheckSeconds(errors, "program.retryDelaySeconds", program.RetryDelaySeconds);
        CheckSeconds(errors, "program.timeoutSeconds", program.TimeoutSeconds);
        foreach (var (name, value) in program.Environment ?? new Dictionary<string, string>(StringComparer.Ordinal))
        {
            if (name.Length == 0 || name.Any(c => c is '=' or '\0'))
                errors.Add("program.environment", $"'{Ids.Shown(name)}' is no name of a variable: it must not be empty nor hold '=' or a NUL");
            if (value is null || value.Contains('\0'))
                errors.Add($"program.environment.{name}", "must be a text without a NUL");
        }
    }

    static void CheckCount(FieldErrors errors, string field, int count)
    {
        if (count is < 0 or > 1000)
            errors.Add(field, "must be from 0 to 1000");
    }

    static void CheckSeconds(FieldErrors errors, string field, double seconds)
    {
        if (!(seconds is >= 0 and <= TenYears))
            errors.Add(field, $"must be from 0 to {TenYears} seconds");
    }
}
