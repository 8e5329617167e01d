using System.Text.Json;
using Holoflow.Api.Edge;
using Holoflow.Api.Mapping;
using Holoflow.Api.Reads;
using Holoflow.ApiModel.Deployments;
using Holoflow.ApiModel.Schedules;

namespace Holoflow.Api.Requests;

/// <summary>What a deployment and its schedules may be.</summary>
static class DeploymentRules
{
    const string Process = "process";
    const string Slurm = "slurm";

    const int MostSchedules = 100;

    /// <summary>The schema of a flow that takes any parameters.</summary>
    public static readonly JsonElement AnyParameters = JsonElement.Parse("""{"type":"object"}""");

    /// <exception cref="RefusedException">Something is wrong with it.</exception>
    public static void Check(string flow, string name, DeploymentDefinition definition)
    {
        var errors = new FieldErrors();
        NameRules.CheckName(errors, "flow", flow);
        NameRules.CheckName(errors, "name", name);
        NameRules.CheckText(errors, "description", definition.Description);
        NameRules.CheckTags(errors, definition.Tags);
        NameRules.CheckName(errors, "queue", definition.Queue);
        ProgramRules.Check(errors, definition.Program);
        CheckInfrastructure(errors, definition);
        if (definition.ParameterSchema is { ValueKind: not JsonValueKind.Object })
            errors.Add("parameterSchema", "must be a JSON Schema: an object");
        if (definition.Parameters is { } parameters)
            ParameterCheck.CheckSize(parameters);
        errors.ThrowIfAny();

        var (schema, defaults) = (definition.ParameterSchema ?? AnyParameters, definition.Parameters ?? Json.EmptyObject);
        ParameterCheck.CheckSome(errors, "parameters", schema, defaults);
        CheckSchedules(errors, definition.Schedules, schema, defaults);
        errors.ThrowIfAny(422);
    }

    /// <summary>What runs a deployment's flow: a cluster profile says that it is a Slurm job.</summary>
    public static string InfrastructureOf(DeploymentDefinition definition) => definition.Infrastructure ?? (definition.Program.Cluster is null ? Process : Slurm);

    static void CheckInfrastructure(FieldErrors errors, DeploymentDefinition definition)
    {
        if (definition.Infrastructure is not (null or Process or Slurm))
            errors.Add("infrastructure", $"'{Ids.Shown(definition.Infrastructure)}' is unknown; known are {Process} and {Slurm}");
        else if (definition is { Infrastructure: Slurm, Program.Cluster: null })
            errors.Add("program.cluster", $"is missing: with infrastructure '{Slurm}' it names the cluster profile that a run is a job of");
        else if (definition is { Infrastructure: Process, Program.Cluster: not null })
            errors.Add("program.cluster", $"goes with infrastructure '{Slurm}' only; tasks go to a cluster by the variable HOLOFLOW_CLUSTER in program.environment");
    }

    /// <exception cref="RefusedException">Something is wrong with them.</exception>
    public static void CheckSchedules(IReadOnlyList<ScheduleSpec> schedules, DeploymentDetail deployment)
    {
        var errors = new FieldErrors();
        CheckSchedules(errors, schedules, deployment.ParameterSchema, deployment.Parameters);
        errors.ThrowIfAny(422);
    }

    static void CheckSchedules(FieldErrors errors, IReadOnlyList<ScheduleSpec>? schedules, JsonElement schema, JsonElement defaults)
    {
        if (schedules is null)
            return;
        if (schedules.Count > MostSchedules)
            errors.Add("schedules", $"must be at most {MostSchedules}");
        for (var i = 0; i < Math.Min(schedules.Count, MostSchedules); i++)
        {
            if (schedules[i] is not { } schedule)
            {
                errors.Add($"schedules[{i}]", "must be an object");
                continue;
            }

            FireTimes.Check(errors, $"schedules[{i}]", schedule);
            // Nobody is there to give what is missing when a schedule fires.
            ParameterCheck.Check(errors, $"schedules[{i}].parameters", schema, ParameterCheck.Overlay(defaults, schedule.Parameters ?? Json.EmptyObject));
        }
    }
}
