# 主なメニュー
nav-home = ホーム
nav-computers = 電子計算機の台帳
nav-cases = 事案
nav-filings = 届出・報告
nav-corrections = 補正依頼
nav-desk = 受付
nav-search = 検索
nav-audit = 記録の検査
nav-outbox = 送達状況
nav-account = アカウント
