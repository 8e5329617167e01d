using System.Text.RegularExpressions;

namespace Holoflow.Slurm.Submission;

/// <summary>What an option's value must look like.</summary>
/// <param name="Pattern">The whole value; null for an option without one.</param>
/// <param name="Wants">The same in words.</param>
/// <param name="MayBeSwitch">True where the option may stand alone.</param>
sealed record DirectiveRule(Regex? Pattern, string Wants, bool MayBeSwitch = false);

/// <summary>The options of sbatch that a profile may add, the ones that it may not, and what they may say.</summary>
static partial class DirectiveRules
{
    static readonly DirectiveRule Name = new(NamePattern(), "a name: letters, digits and . _ @ + -, or several with commas");
    static readonly DirectiveRule Number = new(NumberPattern(), "a whole number");
    static readonly DirectiveRule Time = new(TimePattern(), "a time such as 90, 01:30:00 or 2-00:00:00");
    static readonly DirectiveRule Size = new(SizePattern(), "a size such as 4000, 512M or 16G");
    static readonly DirectiveRule Nodes = new(NodesPattern(), "node names such as n1,n[3-7]");
    static readonly DirectiveRule Expression = new(ExpressionPattern(), "features joined by & | , such as 'haswell&ib'");
    static readonly DirectiveRule Resource = new(ResourcePattern(), "resources such as gpu:2 or gpu:a100:1");
    static readonly DirectiveRule Mail = new(MailPattern(), "a mail address");
    static readonly DirectiveRule Switch = new(null, "no value", MayBeSwitch: true);
    static readonly DirectiveRule NameOrSwitch = Name with { MayBeSwitch = true };

    /// <summary>The options that may be added.</summary>
    public static IReadOnlyDictionary<string, DirectiveRule> Allowed { get; } = new Dictionary<string, DirectiveRule>(StringComparer.Ordinal)
    {
        ["qos"] = Name, ["reservation"] = Name, ["constraint"] = Expression, ["prefer"] = Expression, ["clusters"] = Name, ["licenses"] = Resource, ["wckey"] = Name, ["mcs-label"] = Name,
        ["gres"] = Resource, ["gpus"] = Resource, ["gpus-per-node"] = Resource, ["gpus-per-task"] = Resource, ["cpus-per-gpu"] = Number, ["mem-per-gpu"] = Size, ["tmp"] = Size,
        ["exclude"] = Nodes, ["nodelist"] = Nodes, ["exclusive"] = NameOrSwitch, ["oversubscribe"] = Switch, ["contiguous"] = Switch, ["spread-job"] = Switch, ["reboot"] = Switch,
        ["nice"] = Number, ["priority"] = Number, ["time-min"] = Time, ["begin"] = Time, ["core-spec"] = Number, ["thread-spec"] = Number, ["threads-per-core"] = Number, ["ntasks-per-core"] = Number,
        ["hint"] = Name, ["cpu-freq"] = new(CpuFrequencyPattern(), "a frequency such as high or 2400000-2600000:performance"), ["switches"] = Number, ["network"] = Name,
        ["mail-type"] = Name, ["mail-user"] = Mail, ["bb"] = Resource, ["profile"] = Name, ["acctg-freq"] = Resource, ["power"] = Name, ["distribution"] = Resource,
        ["mem-bind"] = Name, ["delay-boot"] = Number, ["ignore-pbs"] = Switch, ["get-user-env"] = Switch,
    };

    /// <summary>Options that have a place of their own, and who sets them.</summary>
    public static IReadOnlyDictionary<string, string> Ours { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["account"] = "the key 'account' of the profile", ["partition"] = "the key 'partition' of the profile", ["time"] = "the key 'walltime' of the profile", ["mem"] = "the key 'memory' of the profile",
        ["cpus-per-task"] = "the key 'cores' of the profile", ["mem-per-cpu"] = "the key 'memory' of the profile",
        ["ntasks"] = "always 1: the key 'processes' of the profile says how many workers share a job", ["nodes"] = "always 1: a job has one node", ["ntasks-per-node"] = "always 1",
        ["job-name"] = "how jobs are found again: it is not to be changed", ["comment"] = "how jobs are found again: it is not to be changed", ["array"] = "set by the flow's map", ["requeue"] = "set by the task's retry rule",
        ["no-requeue"] = "set by the task's retry rule", ["hold"] = "set when a profile is checked", ["output"] = "set to a file of the job's directory", ["error"] = "set to a file of the job's directory",
        ["input"] = "always empty", ["open-mode"] = "always append", ["chdir"] = "set to the job's directory", ["wrap"] = "not possible: the batch script is always the same", ["export"] = "set by the flow",
        ["export-file"] = "not possible: the environment is the flow's", ["parsable"] = "always set", ["test-only"] = "not possible in a profile", ["wait"] = "not possible: nobody waits in sbatch",
        ["dependency"] = "not possible: the flow decides what runs after what", ["signal"] = "not possible: the batch script expects SIGTERM", ["uid"] = "not possible: jobs run as the user", ["gid"] = "not possible: jobs run as the user",
        ["deadline"] = "not possible: the flow has time limits of its own", ["kill-on-invalid-dep"] = "not possible: there are no dependencies", ["no-kill"] = "not possible: a job without its node is over",
    };

    /// <summary>The short options' long names.</summary>
    public static IReadOnlyDictionary<char, string> LongNames { get; } = new Dictionary<char, string>
    {
        ['A'] = "account", ['p'] = "partition", ['t'] = "time", ['q'] = "qos", ['C'] = "constraint", ['L'] = "licenses", ['M'] = "clusters", ['G'] = "gpus", ['x'] = "exclude", ['w'] = "nodelist",
        ['s'] = "oversubscribe", ['J'] = "job-name", ['a'] = "array", ['o'] = "output", ['e'] = "error", ['i'] = "input", ['D'] = "chdir", ['H'] = "hold", ['c'] = "cpus-per-task", ['n'] = "ntasks", ['N'] = "nodes",
        ['d'] = "dependency", ['W'] = "wait", ['b'] = "begin", ['S'] = "core-spec", ['k'] = "no-kill", ['m'] = "distribution",
    };

    /// <summary>The name of a partition, account or the like.</summary>
    public static bool IsName(string text) => NamePattern().IsMatch(text);

    [GeneratedRegex(@"\A[A-Za-z0-9_.@+,][A-Za-z0-9_.@+,:/=-]{0,255}\z", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A-?[0-9]{1,10}\z", RegexOptions.None, 1000)]
    private static partial Regex NumberPattern();

    [GeneratedRegex(@"\A([0-9]+-)?[0-9]+(:[0-9]+){0,2}\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex TimePattern();

    [GeneratedRegex(@"\A[0-9]{1,12}[KMGTkmgt]?[Bb]?\z", RegexOptions.None, 1000)]
    private static partial Regex SizePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_.][A-Za-z0-9_.,\[\]-]{0,1023}\z", RegexOptions.None, 1000)]
    private static partial Regex NodesPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_.\[(][A-Za-z0-9_.,&|*()\[\]:=+-]{0,255}\z", RegexOptions.None, 1000)]
    private static partial Regex ExpressionPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_.*][A-Za-z0-9_.:,=@*/+-]{0,255}\z", RegexOptions.None, 1000)]
    private static partial Regex ResourcePattern();

    [GeneratedRegex(@"\A[A-Za-z0-9_.+-]+@[A-Za-z0-9.-]+\z", RegexOptions.None, 1000)]
    private static partial Regex MailPattern();

    [GeneratedRegex(@"\A[A-Za-z0-9]+(-[A-Za-z0-9]+)?(:[A-Za-z]+)?\z", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex CpuFrequencyPattern();
}
