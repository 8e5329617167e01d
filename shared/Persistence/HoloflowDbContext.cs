using Holoflow.Persistence.Model;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Holoflow.Persistence;

/// <summary>
/// The model of the store for reading; the numbered scripts make the schema and a test holds the two together.
/// Nothing is written through it: the writers use prepared statements in group commits.
/// </summary>
public sealed class HoloflowDbContext(DbContextOptions<HoloflowDbContext> options) : DbContext(options)
{
    public DbSet<FlowRow> Flows => Set<FlowRow>();

    public DbSet<WorkQueueRow> WorkQueues => Set<WorkQueueRow>();

    public DbSet<DeploymentRow> Deployments => Set<DeploymentRow>();

    public DbSet<ScheduleRow> Schedules => Set<ScheduleRow>();

    public DbSet<FlowRunRow> FlowRuns => Set<FlowRunRow>();

    public DbSet<FlowRunContentRow> FlowRunContents => Set<FlowRunContentRow>();

    public DbSet<FlowRunParameterRow> FlowRunParameters => Set<FlowRunParameterRow>();

    public DbSet<FlowRunTagRow> FlowRunTags => Set<FlowRunTagRow>();

    public DbSet<FlowRunStateRow> FlowRunStates => Set<FlowRunStateRow>();

    public DbSet<TaskRunRow> TaskRuns => Set<TaskRunRow>();

    public DbSet<TaskRunStateRow> TaskRunStates => Set<TaskRunStateRow>();

    public DbSet<TaskEdgeRow> TaskEdges => Set<TaskEdgeRow>();

    public DbSet<ProgressRow> Progress => Set<ProgressRow>();

    public DbSet<ArtifactRow> Artifacts => Set<ArtifactRow>();

    public DbSet<AllocationRow> Allocations => Set<AllocationRow>();

    public DbSet<AllocationTaskRow> AllocationTasks => Set<AllocationTaskRow>();

    public DbSet<LogLineRow> LogLines => Set<LogLineRow>();

    public DbSet<AgentRow> Agents => Set<AgentRow>();

    public DbSet<OutboxRow> Outbox => Set<OutboxRow>();

    public DbSet<ConcurrencyLimitRow> ConcurrencyLimits => Set<ConcurrencyLimitRow>();

    public DbSet<ConcurrencySlotRow> ConcurrencySlots => Set<ConcurrencySlotRow>();

    public DbSet<InboxRow> Inbox => Set<InboxRow>();

    public DbSet<SlotRequestRow> SlotRequests => Set<SlotRequestRow>();

    public DbSet<SlotWaitRow> SlotWaits => Set<SlotWaitRow>();

    public DbSet<SweepRow> Sweeps => Set<SweepRow>();

    public DbSet<RunCountRow> RunCounts => Set<RunCountRow>();

    public DbSet<RunHourRow> RunHours => Set<RunHourRow>();

    public DbSet<NotificationRuleRow> NotificationRules => Set<NotificationRuleRow>();

    public DbSet<NotificationEventRow> NotificationEvents => Set<NotificationEventRow>();

    public DbSet<NotificationDeliveryRow> NotificationDeliveries => Set<NotificationDeliveryRow>();

    public DbSet<ApiTokenRow> ApiTokens => Set<ApiTokenRow>();

    public DbSet<SchemaVersionRow> SchemaVersions => Set<SchemaVersionRow>();

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<MicrosecondsConverter>();
        if (Database.ProviderName is "Microsoft.EntityFrameworkCore.Sqlite")
            configurationBuilder.Properties<Guid>().HaveConversion<GuidBytesConverter>();
    }

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<FlowRow>().ToTable("flows").HasKey(r => r.Id);
        modelBuilder.Entity<WorkQueueRow>().ToTable("work_queues").HasKey(r => r.Name);
        modelBuilder.Entity<DeploymentRow>().ToTable("deployments").HasKey(r => r.Id);
        modelBuilder.Entity<ScheduleRow>().ToTable("schedules").HasKey(r => r.Id);
        modelBuilder.Entity<FlowRunRow>().ToTable("flow_runs").HasKey(r => r.Id);
        modelBuilder.Entity<FlowRunContentRow>().ToTable("flow_run_contents").HasKey(r => r.RunId);
        modelBuilder.Entity<FlowRunParameterRow>().ToTable("flow_run_parameters").HasKey(r => new { r.Name, r.Value, r.CreatedAt, r.RunId });
        modelBuilder.Entity<FlowRunTagRow>().ToTable("flow_run_tags").HasKey(r => new { r.Tag, r.CreatedAt, r.RunId });
        modelBuilder.Entity<FlowRunStateRow>().ToTable("flow_run_states").HasKey(r => new { r.RunId, r.Version });
        modelBuilder.Entity<TaskRunRow>().ToTable("task_runs").HasKey(r => r.Id);
        modelBuilder.Entity<TaskRunStateRow>().ToTable("task_run_states").HasKey(r => new { r.TaskId, r.Sequence, r.StateType });
        modelBuilder.Entity<TaskEdgeRow>().ToTable("task_edges").HasKey(r => new { r.RunId, r.ToTask, r.FromTask, r.Name });
        modelBuilder.Entity<ProgressRow>().ToTable("progress").HasKey(r => new { r.RunId, r.SubjectId });
        modelBuilder.Entity<ArtifactRow>().ToTable("artifacts").HasKey(r => r.Id);
        modelBuilder.Entity<AllocationRow>().ToTable("allocations").HasKey(r => new { r.RunId, r.Key, r.ArrayIndex });
        modelBuilder.Entity<AllocationTaskRow>().ToTable("allocation_tasks").HasKey(r => new { r.RunId, r.Key, r.ArrayIndex, r.TaskId });
        modelBuilder.Entity<LogLineRow>().ToTable("log_lines").HasKey(r => new { r.RunId, r.Source, r.Number });
        modelBuilder.Entity<AgentRow>().ToTable("agents").HasKey(r => r.Id);
        modelBuilder.Entity<OutboxRow>().ToTable("outbox").HasKey(r => r.Position);
        modelBuilder.Entity<ConcurrencyLimitRow>().ToTable("concurrency_limits").HasKey(r => r.Name);
        modelBuilder.Entity<ConcurrencySlotRow>().ToTable("concurrency_slots").HasKey(r => new { r.LimitName, r.Holder });
        modelBuilder.Entity<InboxRow>().ToTable("inbox").HasKey(r => r.Id);
        modelBuilder.Entity<SlotRequestRow>().ToTable("slot_requests").HasKey(r => r.Id);
        modelBuilder.Entity<SlotWaitRow>().ToTable("slot_waits").HasKey(r => new { r.LimitName, r.AskedAt, r.Request });
        modelBuilder.Entity<SweepRow>().ToTable("sweeps").HasKey(r => r.Id);
        modelBuilder.Entity<ApiTokenRow>().ToTable("api_tokens").HasKey(r => r.Id);
        modelBuilder.Entity<RunCountRow>().ToTable("run_counts").HasKey(r => new { r.StateType, r.FlowName, r.DeploymentId, r.Queue, r.Shard });
        modelBuilder.Entity<RunHourRow>().ToTable("run_hours").HasKey(r => new { r.Hour, r.StateType, r.Shard });
        modelBuilder.Entity<NotificationRuleRow>().ToTable("notification_rules").HasKey(r => r.Id);
        modelBuilder.Entity<NotificationEventRow>().ToTable("notification_events").HasKey(r => new { r.RunId, r.Version });
        modelBuilder.Entity<NotificationDeliveryRow>().ToTable("notification_deliveries").HasKey(r => r.Id);
        modelBuilder.Entity<SchemaVersionRow>().ToTable("schema_version").HasKey(r => r.Version);
        foreach (var property in modelBuilder.Model.GetEntityTypes().SelectMany(e => e.GetProperties()))
            property.SetColumnName(ColumnName.Of(property.Name));
    }

    sealed class MicrosecondsConverter() : ValueConverter<DateTimeOffset, long>(t => Microseconds.Of(t), v => Microseconds.ToInstant(v));

    sealed class GuidBytesConverter() : ValueConverter<Guid, byte[]>(g => g.ToByteArray(true), b => new Guid(b, true));
}
