using System.Text.RegularExpressions;

namespace Holoflow.Infra.Tests.Compose;

/// <summary>What docker-compose.yml promises, read from the file itself.</summary>
public sealed partial class ComposeFileTests
{
    static IEnumerable<ComposeService> All => ComposeFile.Services.Values;

    static IEnumerable<ComposeService> Lasting => All.Where(service => !service.EndsByItself);

    // Its image holds one program and no other to ask with.
    static bool CannotBeAsked(ComposeService service) => service.Name == "collector";

    [Fact]
    public void All_services_of_the_stack_are_there() =>
        Assert.Subset(ComposeFile.Services.Keys.ToHashSet(StringComparer.Ordinal), new HashSet<string>(["rabbitmq", "postgres", "state-store", "scheduler", "log-ingest", "api", "agent"], StringComparer.Ordinal));

    [Fact]
    public void Every_service_that_lasts_has_a_health_check_and_is_started_again()
    {
        Assert.Empty(Lasting.Where(service => service.HealthCheck?.ContainsKey("test") != true && !CannotBeAsked(service)).Select(service => service.Name));
        Assert.Empty(Lasting.Where(service => service.Restart != "unless-stopped").Select(service => service.Name));
    }

    [Fact]
    public void What_ends_by_itself_is_waited_for() =>
        Assert.Empty(All.Where(step => step is { EndsByItself: true, HasProfile: false } && !All.Any(other => other.DependsOn.GetValueOrDefault(step.Name) == "service_completed_successfully")).Select(step => step.Name));

    [Fact]
    public void Nothing_starts_before_what_it_needs_is_ready()
    {
        Assert.Empty(All.SelectMany(service => service.DependsOn.Where(d => d.Value is not ("service_healthy" or "service_completed_successfully")).Select(d => $"{service.Name}: {d}")));
        Assert.Empty(Lasting.Where(service => service is { DependsOn.Count: 0, HasProfile: false }).Select(service => service.Name));
    }

    [Fact]
    public void Only_the_API_is_published_and_on_loopback_unless_told()
    {
        Assert.Equal(["api"], All.Where(service => service.Ports.Count > 0).Select(service => service.Name));
        Assert.Equal("${HOLOFLOW_PUBLISH_ADDRESS:-127.0.0.1}:${HOLOFLOW_PUBLISH_PORT:-4200}:4200", Assert.Single(ComposeFile.Services["api"].Ports));
    }

    [Fact]
    public void Database_and_broker_are_reached_from_inside_alone()
    {
        Assert.Equal("true", ComposeFile.Network("database")["internal"]);
        Assert.Equal("true", ComposeFile.Network("broker")["internal"]);
        Assert.Equal(["database"], ComposeFile.Services["postgres"].Networks);
        Assert.Equal(["broker"], ComposeFile.Services["rabbitmq"].Networks);
    }

    [Fact]
    public void An_agent_knows_no_database()
    {
        var agents = All.Where(service => service.Environment.ContainsKey("HOLOFLOW_AGENT_QUEUES")).ToList();
        Assert.NotEmpty(agents);
        Assert.Empty(agents.Where(agent => agent.Networks.Contains("database") || agent.Environment.Keys.Any(key => key.Contains("DATABASE", StringComparison.Ordinal))).Select(agent => agent.Name));
    }

    [Fact]
    public void No_secret_is_in_the_file()
    {
        Assert.Empty(All.SelectMany(service => service.Environment
            .Where(variable => Secret().IsMatch(variable.Key) && !variable.Key.EndsWith("_FILE", StringComparison.Ordinal))
            .Select(variable => $"{service.Name}: {variable.Key}")));
        Assert.DoesNotMatch(PasswordInAddress(), File.ReadAllText(ComposeFile.Path));
    }

    [Fact]
    public void Each_service_reads_its_own_secrets_alone()
    {
        foreach (var service in Lasting)
        {
            // The first token is the API's to know and an operator's to fetch.
            var shown = service.Volumes.Where(volume => volume.StartsWith("secrets-", StringComparison.Ordinal) && volume.Split(':')[0] != "secrets-admin").ToList();
            Assert.All(shown, volume => Assert.Equal(service.Name.StartsWith("agent", StringComparison.Ordinal) ? "secrets-agent" : $"secrets-{service.Name}", volume.Split(':')[0]));
            Assert.All(service.Volumes.Where(volume => volume.StartsWith("secrets-", StringComparison.Ordinal)), volume => Assert.EndsWith(":ro", volume, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void State_lies_in_named_volumes()
    {
        Assert.Superset(new HashSet<string>(["postgres", "rabbitmq", "holoflow"], StringComparer.Ordinal), ComposeFile.Volumes.ToHashSet(StringComparer.Ordinal));
        Assert.Contains("postgres:/var/lib/postgresql/data", ComposeFile.Services["postgres"].Volumes);
        Assert.Contains("rabbitmq:/var/lib/rabbitmq", ComposeFile.Services["rabbitmq"].Volumes);
    }

    [Fact]
    public void What_runs_our_code_can_gain_no_rights()
    {
        var ours = All.Where(service => service.Build?.GetValueOrDefault("dockerfile") is "infra/images/Dockerfile").ToList();
        Assert.True(ours.Count >= 5);
        Assert.All(ours, service =>
        {
            Assert.Equal(["ALL"], service.DroppedCapabilities);
            Assert.Equal(["no-new-privileges:true"], service.SecurityOptions);
        });
    }

    [Fact]
    public void Every_image_is_built_here_or_pinned_to_a_tag() =>
        Assert.Empty(All.Where(service => service.Build is null && !PinnedImage().IsMatch(service.Image ?? "")).Select(service => service.Name));

    [GeneratedRegex("PASS|SECRET|TOKEN|KEY|COOKIE", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();

    [GeneratedRegex(@"[a-z]+://[^\s/@:]+:[^\s/@]+@")]
    private static partial Regex PasswordInAddress();

    [GeneratedRegex(@"^[a-z0-9./-]+:(?!latest$)[a-zA-Z0-9._-]+$")]
    private static partial Regex PinnedImage();
}
