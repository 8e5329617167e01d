import { Link } from 'wouter';

/** Parts of a page; each has an address. */
export function Tabs({ tabs, current, label }: { tabs: readonly { id: string; name: string; href: string; count?: number | undefined }[]; current: string; label: string }) {
  return (
    <nav className="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <Link key={tab.id} href={tab.href} aria-current={tab.id === current ? 'page' : undefined}>
          {tab.name}
          {tab.count !== undefined && tab.count > 0 && <span className="tab-count">{tab.count}</span>}
        </Link>
      ))}
    </nav>
  );
}
