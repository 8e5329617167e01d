using System.Text.Json;
using System.Text.Json.Serialization;
using Holoflow.Cli.Input;

namespace Holoflow.Cli.Settings;

/// <summary>Named sets of settings, one of them in use. A value; see <see cref="ProfileFile"/> for where it is kept.</summary>
/// <param name="Active">The profile in use.</param>
/// <param name="All">Settings by profile.</param>
sealed record Profiles(string Active, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> All)
{
    public const string DefaultName = "default";

    public static readonly Profiles Empty = new(DefaultName, Map<IReadOnlyDictionary<string, string>>([new(DefaultName, Map<string>([]))]));

    /// <summary>The settings of a profile.</summary>
    /// <exception cref="CommandException">There is no such profile.</exception>
    public IReadOnlyDictionary<string, string> Of(string profile) => All.TryGetValue(profile, out var settings)
        ? settings
        : throw CommandException.BadInput($"there is no profile '{profile}'{NearMatch.Clause(profile, All.Keys)} (holoflow profile ls lists them, profile create makes one)");

    public Profiles Create(string profile)
    {
        if (profile.Length is 0 or > 64 || !profile.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
            throw CommandException.BadInput($"'{profile}' is no profile name: use 1 to 64 letters, digits, '-', '_' or '.'");
        return All.ContainsKey(profile)
            ? throw CommandException.BadInput($"profile '{profile}' exists already (holoflow profile use {profile} switches to it)")
            : this with { All = Map(All.Append(new(profile, Map<string>([])))) };
    }

    public Profiles Use(string profile)
    {
        _ = Of(profile);
        return this with { Active = profile };
    }

    public Profiles Set(string profile, string setting, string value) =>
        this with { All = Map(All.Where(p => p.Key != profile).Append(new(profile, Map(Of(profile).Where(s => s.Key != setting).Append(new(setting, value)))))) };

    public Profiles Unset(string profile, string setting) =>
        this with { All = Map(All.Where(p => p.Key != profile).Append(new(profile, Map(Of(profile).Where(s => s.Key != setting))))) };

    static IReadOnlyDictionary<string, T> Map<T>(IEnumerable<KeyValuePair<string, T>> entries) =>
        new SortedDictionary<string, T>(entries.ToDictionary(StringComparer.Ordinal), StringComparer.Ordinal);
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web, WriteIndented = true, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(Profiles))]
sealed partial class ProfileFormat : JsonSerializerContext;
