namespace Holoflow.Cli.Settings;

/// <summary>A setting's value, and where it comes from.</summary>
sealed record SettingValue(Setting Setting, string? Value, string Source);

/// <summary>What holds for this process: the environment goes over the profile, the profile over the default.</summary>
sealed class CurrentSettings
{
    /// <summary>Chooses the profile for one process.</summary>
    public const string ProfileVariable = "HOLOFLOW_PROFILE";

    const string Environment = "environment";

    readonly Func<string, string?> _variable;
    readonly IReadOnlyDictionary<string, string> _profile;

    /// <summary>Reads the profiles where there are any.</summary>
    /// <exception cref="CommandException">The profile chosen does not exist, or its file is damaged.</exception>
    public CurrentSettings(StatePaths paths, Func<string, string?> variable)
    {
        Paths = paths;
        _variable = variable;
        var profiles = new ProfileFile(paths).Load();
        Profile = variable(ProfileVariable) is { Length: > 0 } chosen ? chosen : profiles.Active;
        _profile = profiles.Of(Profile);
    }

    public StatePaths Paths { get; }

    /// <summary>The name of the profile in use.</summary>
    public string Profile { get; }

    public static CurrentSettings FromEnvironment() =>
        new(StatePaths.FromEnvironment(System.Environment.GetEnvironmentVariable), System.Environment.GetEnvironmentVariable);

    /// <summary>The value of a setting with its source; an empty variable counts as unset.</summary>
    public SettingValue Of(Setting setting)
    {
        if (_variable(setting.Name) is { Length: > 0 } set)
            return new SettingValue(setting, set, Environment);
        return _profile.TryGetValue(setting.Name, out var stored)
            ? new SettingValue(setting, stored, $"profile {Profile}")
            : new SettingValue(setting, null, "not set");
    }

    /// <summary>Whether the environment sets it, over any profile.</summary>
    public bool IsFromEnvironment(Setting setting) => Of(setting).Source == Environment;

    /// <summary>The value of a setting, checked.</summary>
    /// <exception cref="CommandException">The value is malformed.</exception>
    public string? Checked(Setting setting)
    {
        var (_, value, source) = Of(setting);
        if (value is not null)
            setting.Check(value, source);
        return value;
    }
}
