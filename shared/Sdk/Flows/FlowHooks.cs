using System.Reflection;

namespace Holoflow.Sdk;

/// <summary>The methods that a flow names to be called when a run of it ended.</summary>
sealed class FlowHooks(Type type, FlowAttribute attribute)
{
    public bool Has(RunStateType state) => NameOf(state) is not null;

    /// <summary>Calls the hook for the state. What it throws is logged: a hook never changes how a run ended.</summary>
    public async Task Call(FlowEnd end, RunLogger log)
    {
        if (NameOf(end.State.Type) is not { } name)
            return;
        try
        {
            var method = Find(name).Single();
            var arguments = method.GetParameters().Length == 0 ? null : new object?[] { end };
            if (method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null) is Task work)
                await work;
        }
        catch (Exception e)
        {
            log.Error(e, $"the hook {name} failed");
        }
    }

    public IEnumerable<string> Mistakes() => new[] { attribute.OnCompletion, attribute.OnFailure, attribute.OnCancellation, attribute.OnCrash }
        .OfType<string>()
        .Distinct(StringComparer.Ordinal)
        .Where(name => Find(name).Count() != 1)
        .Select(name => $"names the hook '{name}', which {type.Name} does not have exactly once as a static method that takes nothing or one {nameof(FlowEnd)} and returns void or Task");

    string? NameOf(RunStateType state) => state switch
    {
        RunStateType.Completed => attribute.OnCompletion,
        RunStateType.Failed => attribute.OnFailure,
        RunStateType.Cancelled => attribute.OnCancellation,
        RunStateType.Crashed => attribute.OnCrash,
        _ => null,
    };

    IEnumerable<MethodInfo> Find(string name) => type
        .GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Where(method => method.Name == name
            && (method.ReturnType == typeof(void) || method.ReturnType == typeof(Task))
            && (method.GetParameters() is [] || method.GetParameters() is [var only] && only.ParameterType == typeof(FlowEnd)));
}
