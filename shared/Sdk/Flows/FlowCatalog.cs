using System.Reflection;
using System.Runtime.CompilerServices;
using Holoflow.RunProtocol;

namespace Holoflow.Sdk;

/// <summary>All flows of a program, and all mistakes of its flow and task definitions together.</summary>
sealed class FlowCatalog
{
    const BindingFlags Declared = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    readonly IReadOnlyList<string> _definitionMistakes;

    FlowCatalog(IReadOnlyList<FlowDefinition> flows, IReadOnlyList<string> definitionMistakes)
    {
        Flows = flows;
        _definitionMistakes = definitionMistakes;
    }

    public IReadOnlyList<FlowDefinition> Flows { get; }

    /// <summary>Everything that is wrong with the program.</summary>
    public IReadOnlyList<string> Mistakes => MistakesFor(Flows);

    /// <summary>
    /// Everything that is wrong with the program, but for the parameter types of flows that are not asked for: a run starts faster, and
    /// the description of the program, which is made before it is deployed or run, has told them.
    /// </summary>
    public IReadOnlyList<string> MistakesFor(IEnumerable<FlowDefinition> flows) =>
        [.. _definitionMistakes, .. flows.SelectMany(flow => flow.SchemaMistakes().Select(mistake => Of(flow, mistake)))];

    public static FlowCatalog Of(Assembly assembly) => Of(assembly.GetTypes());

    public static FlowCatalog Of(IReadOnlyList<Type> types)
    {
        var own = types.Where(type => !type.Name.StartsWith('<')).ToList();
        var methods = own.SelectMany(type => type.GetMethods(Declared)).Where(method => method.IsDefined(typeof(FlowAttribute), inherit: false)).ToList();
        var flows = methods
            .GroupBy(method => method.Name, StringComparer.Ordinal)
            .SelectMany(group => group.Select(method => FlowDefinition.Of(method, group.Count() == 1 ? method.Name : $"{method.DeclaringType!.Name}.{method.Name}")!))
            .OrderBy(flow => flow.MethodName, StringComparer.Ordinal)
            .ToList();
        IEnumerable<string> mistakes =
        [
            .. own.Select(TaskMistake).OfType<string>(),
            .. DefinitionMistakes.In(own.ToHashSet()),
            .. flows.SelectMany(flow => flow.DefinitionMistakes().Select(mistake => Of(flow, mistake))),
            .. flows.GroupBy(flow => flow.Name, StringComparer.Ordinal).Where(group => group.Count() > 1)
                .Select(group => $"flow '{group.Key}' is defined {group.Count()} times: {string.Join(", ", group.Select(flow => flow.MethodName))}"),
        ];
        return new FlowCatalog(flows, [.. mistakes]);
    }

    /// <summary>The flow that a run is to execute.</summary>
    /// <param name="method">Its method; null where the program has one flow.</param>
    /// <param name="mistake">Why there is none.</param>
    public FlowDefinition? Find(string? method, out string mistake)
    {
        mistake = "";
        var found = Flows.Where(flow => method is null || flow.MethodName == method || $"{flow.Method.DeclaringType!.Name}.{flow.Method.Name}" == method).ToList();
        if (found.Count == 1)
            return found[0];
        var known = Flows.Count == 0 ? "this program has no [Flow] method" : $"the flows of this program are {string.Join(", ", Flows.Select(flow => flow.MethodName))}";
        mistake = method is null ? $"name the flow to run: {known}" : $"there is no flow '{method}': {known}";
        return null;
    }

    public ProgramDescription Describe() => new([.. Flows.Where(flow => !flow.Mistakes().Any()).Select(flow => flow.Describe())], Mistakes);

    static string Of(FlowDefinition flow, string mistake) => $"flow '{flow.Name}' ({flow.Method.DeclaringType!.Name}.{flow.Method.Name}) {mistake}";

    // Task definitions are static fields: they come to be, and their mistakes with them, when the type is initialised.
    static string? TaskMistake(Type type)
    {
        if (type.ContainsGenericParameters || !type.GetFields(Declared).Any(field => field.IsStatic && typeof(FlowTask).IsAssignableFrom(field.FieldType)))
            return null;
        try
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            return null;
        }
        catch (TypeInitializationException e)
        {
            return $"the static fields of {type.Name} cannot be initialised: {e.InnerException?.Message ?? e.Message}";
        }
    }
}
