namespace Holoflow.StateStore.Tests.Support;

/// <summary>Tests that hold on every database.</summary>
public abstract class StoreTests
{
    private protected virtual Task<StoreUnderTest> Start(StateStoreOptions? options = null, TimeProvider? time = null) => StoreUnderTest.Start(options, time);
}
