using System.Text.Json;
using System.Text.Json.Nodes;
using Holoflow.RunProtocol.Parameters;

namespace Holoflow.Cli.Entrypoints;

/// <summary>Checks parameters against a flow's schema before anything is created.</summary>
static class ParameterChecks
{
    /// <summary>The parameters of a run: all that the flow requires must be there.</summary>
    /// <exception cref="CommandException">All mistakes, in one line.</exception>
    public static JsonElement Complete(FoundFlow found, JsonObject parameters) => Checked(found.Flow.ParameterSchema, parameters, found.Flow.Name);

    /// <summary>Defaults of a deployment: what is there must be right, what is missing comes with the run.</summary>
    /// <exception cref="CommandException">All mistakes, in one line.</exception>
    public static JsonElement Defaults(FoundFlow found, JsonObject parameters)
    {
        var lenient = JsonObject.Create(found.Flow.ParameterSchema) ?? [];
        _ = lenient.Remove("required");
        return Checked(JsonElement.Parse(lenient.ToJsonString()), parameters, found.Flow.Name);
    }

    static JsonElement Checked(JsonElement schema, JsonObject parameters, string flow)
    {
        var element = JsonElement.Parse(parameters.ToJsonString());
        var mistakes = ParameterSchema.Validate(schema, element);
        return mistakes.Count == 0 ? element : throw CommandException.BadInput($"flow '{flow}': {string.Join("; ", mistakes)}");
    }
}
