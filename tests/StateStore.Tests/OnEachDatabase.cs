using Holoflow.StateStore.Tests.Definitions;
using Holoflow.StateStore.Tests.Logs;
using Holoflow.StateStore.Tests.Runs;
using Holoflow.StateStore.Tests.Scheduling;
using Holoflow.StateStore.Tests.Support;
using Holoflow.StateStore.Tests.Tasks;

namespace Holoflow.StateStore.Tests;

public sealed class RunLifeOnSqlite : RunLifeTests;

public sealed class ReportTasksOnSqlite : ReportTasksTests;

public sealed class AllocationsOnSqlite : AllocationTests;

[Collection(PostgresqlTests.Name)]
public sealed class AllocationsOnPostgresql(PostgresqlHost host) : AllocationTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}

public sealed class LogIngestOnSqlite : LogIngestTests;

public sealed class SchedulerServiceOnSqlite : SchedulerServiceTests;

public sealed class WaitingRunsOnSqlite : WaitingRunsTests;

[Collection(PostgresqlTests.Name)]
public sealed class RunLifeOnPostgresqlAndRabbitMq(PostgresqlHost host) : RunLifeTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.StartOnBroker(options, time);
}

[Collection(PostgresqlTests.Name)]
public sealed class ReportTasksOnPostgresqlAndRabbitMq(PostgresqlHost host) : ReportTasksTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.StartOnBroker(options, time);
}

[Collection(PostgresqlTests.Name)]
public sealed class LogIngestOnPostgresql(PostgresqlHost host) : LogIngestTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}

[Collection(PostgresqlTests.Name)]
public sealed class SchedulerServiceOnPostgresql(PostgresqlHost host) : SchedulerServiceTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}

public sealed class ConcurrencyLimitsOnSqlite : ConcurrencyLimitTests;

[Collection(PostgresqlTests.Name)]
public sealed class ConcurrencyLimitsOnPostgresql(PostgresqlHost host) : ConcurrencyLimitTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}

public sealed class TaskSlotsOnSqlite : TaskSlotTests;

[Collection(PostgresqlTests.Name)]
public sealed class TaskSlotsOnPostgresqlAndRabbitMq(PostgresqlHost host) : TaskSlotTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.StartOnBroker(options, time);
}

public sealed class RedeliveriesOnSqlite : RedeliveryTests;

[Collection(PostgresqlTests.Name)]
public sealed class RedeliveriesOnPostgresql(PostgresqlHost host) : RedeliveryTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.Start(options, time);
}

public sealed class LeasesOnSqlite : LeaseTests;

[Collection(PostgresqlTests.Name)]
public sealed class LeasesOnPostgresqlAndRabbitMq(PostgresqlHost host) : LeaseTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.StartOnBroker(options, time);
}

public sealed class DefinitionsOnSqlite : DefinitionTests;

[Collection(PostgresqlTests.Name)]
public sealed class DefinitionsOnPostgresqlAndRabbitMq(PostgresqlHost host) : DefinitionTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.StartOnBroker(options, time);
}

public sealed class OfferTagsOnSqlite : OfferTagTests;

[Collection(PostgresqlTests.Name)]
public sealed class OfferTagsOnPostgresqlAndRabbitMq(PostgresqlHost host) : OfferTagTests
{
    private protected override Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => host.StartOnBroker(options, time);
}
