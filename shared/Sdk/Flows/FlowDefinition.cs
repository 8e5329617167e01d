using System.Reflection;
using System.Text.Json;
using Holoflow.RunProtocol;

namespace Holoflow.Sdk;

/// <summary>A flow as its method and attribute define it.</summary>
sealed class FlowDefinition
{
    readonly FlowAttribute _attribute;
    readonly bool _isPlain;
    JsonElement? _schema;

    FlowDefinition(MethodInfo method, FlowAttribute attribute, string methodName, bool isPlain = false)
    {
        _isPlain = isPlain;
        Method = method;
        MethodName = methodName;
        _attribute = attribute;
        Hooks = new FlowHooks(method.DeclaringType!, attribute);
        ParametersType = Inputs.FirstOrDefault(IsParameters)?.ParameterType;
    }

    public MethodInfo Method { get; }

    /// <summary>As ENTRYPOINT names it after the colon.</summary>
    public string MethodName { get; }

    public string Name => _attribute.Name ?? KebabCase(Method.Name);

    public int Retries => _attribute.Retries;

    public TimeSpan RetryDelay => TimeSpan.FromSeconds(_attribute.RetryDelaySeconds);

    /// <summary>Null: none.</summary>
    public TimeSpan? Timeout => _attribute.TimeoutSeconds > 0 ? TimeSpan.FromSeconds(_attribute.TimeoutSeconds) : null;

    /// <summary>0: not said.</summary>
    public int Concurrency => _attribute.Concurrency;

    public string? Cluster => _attribute.Cluster;

    public FlowHooks Hooks { get; }

    public Type? ParametersType { get; }

    public JsonElement ParameterSchema => _schema ??= ParametersType is null ? RunProtocol.Parameters.ParameterSchema.Empty : ParameterSchemaGenerator.Of(ParametersType);

    IEnumerable<ParameterInfo> Inputs => Method.GetParameters();

    /// <summary>The flow that a method is; null where it has no <see cref="FlowAttribute"/>.</summary>
    public static FlowDefinition? Of(MethodInfo method, string? methodName = null) =>
        method.GetCustomAttribute<FlowAttribute>() is { } attribute ? new FlowDefinition(method, attribute, methodName ?? method.Name) : null;

    /// <summary>A method without the attribute as a flow of all defaults: for a test's lambda.</summary>
    public static FlowDefinition OfPlain(MethodInfo method) => new(method, new FlowAttribute { Name = "test" }, method.Name, isPlain: true);

    public FlowDescription Describe() => new()
    {
        Method = MethodName,
        Name = Name,
        Description = _attribute.Description,
        Version = _attribute.Version,
        Retries = Retries,
        RetryDelaySeconds = _attribute.RetryDelaySeconds,
        TimeoutSeconds = _attribute.TimeoutSeconds,
        ParameterSchema = ParameterSchema,
    };

    /// <summary>Calls the method.</summary>
    /// <returns>Its result as a <see cref="JsonElement"/>; null where it has none.</returns>
    public async Task<object?> Invoke(JsonElement parameters, FlowContext context)
    {
        var arguments = Inputs.Select(input => ArgumentFor(input, parameters, context)).ToArray();
        var work = (Task)Method.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
        await work;
        if (!Method.ReturnType.IsGenericType)
            return null;
        var result = Method.ReturnType.GetProperty(nameof(Task<>.Result))!.GetValue(work);
        return JsonSerializer.SerializeToElement(result, Method.ReturnType.GetGenericArguments()[0], ResultFormat.Options);
    }

    public IEnumerable<string> Mistakes() => DefinitionMistakes().Concat(SchemaMistakes());

    /// <summary>Mistakes of the method and its attribute. A test's lambda is called as a delegate: what it closes over does not matter.</summary>
    public IEnumerable<string> DefinitionMistakes() => (_isPlain ? [] : MethodMistakes()).Concat(SettingMistakes()).Concat(Hooks.Mistakes());

    IEnumerable<string> MethodMistakes()
    {
        if (!Method.IsStatic)
            yield return "is not static";
        if (Method.IsGenericMethodDefinition || Method.DeclaringType!.IsGenericTypeDefinition)
            yield return "is generic";
        var returned = Method.ReturnType;
        if (returned != typeof(Task) && !(returned.IsGenericType && returned.GetGenericTypeDefinition() == typeof(Task<>)))
            yield return $"returns {ResultFormat.NameOf(returned)}; Task or Task<T> would be right";
        else if (returned.IsGenericType && typeof(TaskFuture).IsAssignableFrom(returned.GetGenericArguments()[0]))
            yield return "returns a future; its awaited result would be right";
        foreach (var twice in Inputs.GroupBy(input => IsParameters(input) ? typeof(object) : input.ParameterType).Where(group => group.Count() > 1))
            yield return twice.Key == typeof(object)
                ? $"takes {string.Join(" and ", twice.Select(input => $"'{input.Name}'"))}; one record with all parameters would be right"
                : $"takes {twice.Key.Name} twice";
    }

    IEnumerable<string> SettingMistakes()
    {
        if (string.IsNullOrWhiteSpace(Name) || Name.Any(c => char.IsControl(c) || c == '/'))
            yield return "needs a name without control characters and slashes (FLOW/DEPLOYMENT)";
        if (Retries < 0)
            yield return $"has {Retries} retries; 0 or more would be right";
        if (!IsLengthOfTime(_attribute.RetryDelaySeconds))
            yield return $"has a retry delay of {_attribute.RetryDelaySeconds} s; 0 or more would be right";
        if (!IsLengthOfTime(_attribute.TimeoutSeconds))
            yield return $"has a timeout of {_attribute.TimeoutSeconds} s; 0 (none) or more would be right";
        if (Concurrency < 0)
            yield return $"has a concurrency of {Concurrency}; 0 (one task a processor) or more would be right";
    }

    /// <summary>Mistakes of the parameters' type; to find them takes milliseconds.</summary>
    public IEnumerable<string> SchemaMistakes()
    {
        try
        {
            _ = ParameterSchema;
            return [];
        }
        catch (Exception e) when (e is NotSupportedException or InvalidOperationException)
        {
            return [$"has parameters of a type that JSON cannot bring: {e.Message}"];
        }
    }

    object? ArgumentFor(ParameterInfo input, JsonElement parameters, FlowContext context)
    {
        if (input.ParameterType == typeof(FlowContext))
            return context;
        if (input.ParameterType == typeof(CancellationToken))
            return context.Cancellation;
        return JsonSerializer.Deserialize(parameters, input.ParameterType, ResultFormat.Options);
    }

    static bool IsParameters(ParameterInfo input) => input.ParameterType != typeof(FlowContext) && input.ParameterType != typeof(CancellationToken);

    static bool IsLengthOfTime(double seconds) => seconds >= 0 && seconds <= TimeSpan.FromDays(3650).TotalSeconds;

    static string KebabCase(string name) => ParameterSchemaGenerator.TitleOf(name).Replace(' ', '-').ToLowerInvariant();
}
