namespace Holoflow.Sdk;

/// <summary>What is known of a task before it is submitted.</summary>
sealed class TaskDefinition
{
    readonly Delegate _body;
    IReadOnlyList<string>? _inputNames;
    RunNameTemplate? _runName;
    int _hasResult;

    public TaskDefinition(string name, Delegate body, TaskOptions options)
    {
        Name = name;
        Options = options;
        _body = body;
    }

    public string Name { get; }

    public TaskOptions Options { get; }

    /// <summary>The names of the body's parameters, without the task context.</summary>
    public IReadOnlyList<string> InputNames =>
        _inputNames ??= [.. _body.Method.GetParameters().Where(p => p.ParameterType != typeof(TaskContext)).Select(p => p.Name!)];

    public RunNameTemplate? RunName => Options.RunName is null ? null : _runName ??= new RunNameTemplate(Options.RunName);

    /// <exception cref="ArgumentException">The options are wrong; the message says all that is.</exception>
    public TaskDefinition With(TaskOptions options)
    {
        var changed = new TaskDefinition(Name, _body, options);
        var mistakes = changed.Mistakes().ToList();
        return mistakes.Count == 0 ? changed : throw new ArgumentException($"task '{Name}' {string.Join("; ", mistakes)}", nameof(options));
    }

    /// <summary>The type whose source holds the body, for messages.</summary>
    public Type? DefinedIn => _body.Method.DeclaringType is { } type && type.Name.StartsWith('<') ? type.DeclaringType : _body.Method.DeclaringType;

    /// <summary>True once.</summary>
    public bool IsFirstResult() => _hasResult == 0 && Interlocked.Exchange(ref _hasResult, 1) == 0;

    public IEnumerable<string> Mistakes()
    {
        if (string.IsNullOrWhiteSpace(Name))
            yield return "has no name";
        else if (Name.Any(char.IsControl))
            yield return "has a name with control characters";
        foreach (var mistake in OptionMistakes())
            yield return mistake;
    }

    IEnumerable<string> OptionMistakes()
    {
        if (Options.Retries < 0)
            yield return $"has {Options.Retries} retries; 0 or more would be right";
        foreach (var mistake in Options.RetryDelays.Mistakes())
            yield return $"has wrong retry delays: {mistake}";
        if (Options.Timeout <= TimeSpan.Zero)
            yield return $"has a timeout of {Options.Timeout}; more than zero would be right";
        if (Options.CacheExpiry is not null && Options.CacheKey is null)
            yield return "has a cache expiry but no cache key";
        if (Options.CacheExpiry <= TimeSpan.Zero)
            yield return $"has a cache expiry of {Options.CacheExpiry}; more than zero would be right";
        if (Options.Resources is { Cores: < 1 } or { Gpus: < 0 } or { MemoryBytes: <= 0 } || Options.Resources.Walltime <= TimeSpan.Zero)
            yield return $"asks for impossible resources: {Options.Resources}";
        if (!(Options.Resources.MemoryGrowth is >= 1 and <= 1000) || !(Options.Resources.WalltimeGrowth is >= 1 and <= 1000))
            yield return $"lets its resources grow by {Options.Resources.MemoryGrowth} and {Options.Resources.WalltimeGrowth}; 1 (not) to 1000 would be right";
        foreach (var mistake in Options.Cluster.Mistakes())
            yield return mistake;
        foreach (var hole in RunName?.Holes.Except(InputNames, StringComparer.Ordinal) ?? [])
            yield return $"has a run name with {{{hole}}}, which is none of its inputs ({string.Join(", ", InputNames)})";
        if (Options.Tags.Any(string.IsNullOrWhiteSpace))
            yield return "has an empty tag";
        if (Options.Limits.Any(string.IsNullOrWhiteSpace))
            yield return "asks for a slot of a limit without a name";
    }
}
